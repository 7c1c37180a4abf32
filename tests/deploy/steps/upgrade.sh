# A second version, and leaving.
# shellcheck shell=bash

an_upgrade_keeps_what_was_changed() {
    local before further log pid
    log=$(inside antragsbote log export)
    inside sed -i 's/^Grüß Gott,/Servus,/' "$greeting"
    before=$(settings)
    pid=$(property MainPID)
    further=$(further_pid)
    install_package "$upgrade"
    same "the files an administrator changed" "$(settings)" "$before"
    same "the version" "$(inside dpkg-query --show --showformat '${Version}' antragsbote)" \
        "$(dpkg-deb --field "$upgrade" Version)"
    same "the service" "$(property ActiveState)" active
    [ "$(property MainPID)" != "$pid" ] || fail "the old version still runs"
    same "the further bot" "$(inside systemctl is-active antragsbote@verein)" active
    [ "$(further_pid)" != "$further" ] || fail "the further bot still runs the old version"
    ask upgrade
    until_answered upgrade
    has "$(mail motion "$(maildir beirat)" upgrade)" "Servus,"
    has "$(inside antragsbote log export)" "$log"
}

further_pid() {
    inside systemctl show --property=MainPID --value antragsbote@verein
}

# Every file of ours below /etc with its content, mode and owner.
settings() {
    inside find /etc/antragsbote -type f -exec sha256sum {} + | sort -k 2
    inside find /etc/antragsbote -printf '%p %m %u\n' | sort
}

removing_keeps_log_and_settings() {
    local before
    before=$(settings)
    ends_with 0 inside DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes remove antragsbote
    same "the program" "$(inside sh -c 'command -v antragsbote || true')" ""
    same "the service" "$(property ActiveState)" inactive
    same "the further bot" "$(inside sh -c 'systemctl is-active antragsbote@verein || true')" inactive
    same "the settings" "$(settings)" "$before"
    ends_with 0 inside test -s /var/lib/antragsbote/log.db
}

purging_leaves_nothing() {
    ends_with 0 inside DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes purge antragsbote
    same "what is left" "$(inside find / -xdev -path '*antragsbote*' \
        -not -path '/srv/*' -not -path "$servers/*")" ""
    inside rm -r /srv/kept
    same "where the password is" "$(files_with_password root)" ""
}
