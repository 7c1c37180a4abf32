# The configuration inside the machine, as an administrator edits it.
# shellcheck shell=bash

configuration=/etc/antragsbote/antragsbote.toml

# Gives a key of a section a value, whether it had one or was commented out.
configure() { # SECTION KEY VALUE
    inside sed -i "/^\[$1\]/,/^\[/ s|^#\?$2 = .*|$2 = $3|" "$configuration"
    inside grep --quiet --line-regexp --fixed-strings "$2 = $3" "$configuration" ||
        fail "the configuration has no line for $1.$2"
}

# All settings and secrets as they are, to come back to.
keep_settings() {
    inside rm -rf /srv/kept
    inside cp -a /etc/antragsbote /srv/kept
}

restore_settings() {
    inside rm -rf /etc/antragsbote
    inside cp -a /srv/kept /etc/antragsbote
}

# Has the service read its files again, and waits until it has.
reload() {
    mark
    ends_with 0 inside systemctl reload antragsbote
}

# Starts it anew, which it does as it is told whatever is wrong with its mail servers. No person does so
# twenty times in a quarter of an hour, at which systemd gives up.
restart() {
    mark
    inside systemctl reset-failed antragsbote
    ends_with 0 inside systemctl restart antragsbote
}
