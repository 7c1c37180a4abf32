# A bot of its own configuration, log and secrets; src/config/installation.rs knows where they are.
s|^Description=.*|& (%i)|
s|/etc/antragsbote/|&%i/|
s|^StateDirectory=antragsbote$|&/%i|
s|^RuntimeDirectory=antragsbote$|&-%i|
