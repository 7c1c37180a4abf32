# Installing: everything is there, and nothing runs.
# shellcheck shell=bash

# As an administrator does it, who is asked nothing.
install_package() { # FILE
    cp "$1" "$machine/srv/antragsbote.deb"
    ends_with 0 inside DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes install /srv/antragsbote.deb
}

installing_starts_nothing() {
    install_package "$package"
    same "the service" "$(property ActiveState)" inactive
    same "its being enabled" "$(property UnitFileState)" disabled
    ends_with 0 inside systemd-analyze verify --man=no antragsbote.service
    same "the folder of secrets" "$(inside stat -c '%U %a' /etc/antragsbote/credentials)" "root 700"
    same "the service's shell" "$(inside getent passwd antragsbote | cut -d : -f 7)" /usr/sbin/nologin
}

# It shows itself: nothing is fetched, nothing run.
the_handbook_is_there() {
    local book=/usr/share/doc/antragsbote/handbuch
    ends_with 0 inside test -s "$book/index.html"
    ends_with 0 inside test -s "$book/print.html"
    same "what its pages fetch or run" \
        "$(inside grep -rhoE '<script|@import|(src|<link [^>]*href)="[^"]*//[^"]*"' "$book" || true)" ""
}

# A person has to act, so systemd does not try again.
a_start_without_setup_says_what_to_do() {
    mark
    ends_with 1 inside systemctl start antragsbote
    same "the exit code" "$(property ExecMainStatus)" 78
    same "the number of further starts" "$(property NRestarts)" 0
    until_said 'antragsbote setup'
    inside systemctl reset-failed antragsbote
}
