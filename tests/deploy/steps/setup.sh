# Setting up by options, and what `check` says of it.
# shellcheck shell=bash

address=antrag@muster.test

setup_writes_the_configuration() {
    # shellcheck disable=SC2016 # the shell inside is meant
    printf '%s\n' "$password" | inside sh -c 'umask 077; cat >/root/losung'
    ends_with 0 inside antragsbote setup --address "$address" --username "$address" \
        --password-file /root/losung --imap-host mail.muster.test --imap-port 993 --imap-security tls \
        --smtp-host mail.muster.test --smtp-port 587 --smtp-security starttls \
        --ca-file "$servers/ca.pem" --archive Erledigt --admin verwaltung@muster.test
    has "$output" 'systemctl enable --now antragsbote'
    inside rm /root/losung
}

# Who is neither root nor the service finds no secret, wherever it looks.
secrets_are_hidden_from_others() {
    local user found
    for user in nobody mail postfix dovecot; do
        found=$(inside_as "$user" grep -rslF "$password" /etc /var /run /tmp /root /home || true)
        same "what $user reads of the password" "$found" ""
        found=$(inside_as "$user" find /etc/antragsbote/credentials /var/lib/antragsbote /run/credentials \
            -type f 2>/dev/null || true)
        same "what $user finds of the service" "$found" ""
    done
    found=$(inside grep -rslF --exclude-dir=journal --exclude-dir=servers "$password" /etc /var /run /tmp /root |
        grep -v -e ^/run/credentials/ -e ^/etc/dovecot/ | sort)
    same "where the password is" "$found" "/etc/antragsbote/credentials/mailbox
/etc/antragsbote/credentials/outbound"
    same "the rights of the secrets" "$(inside sh -c 'stat -c "%U %a" /etc/antragsbote/credentials/*' | sort -u)" \
        "root 600"
}

check_finds_all_well() {
    ends_with 0 inside antragsbote check
    has_not "$output" ✗
    findings=$output
    same "what root left to itself" "$(inside find /var/lib/antragsbote ! -user antragsbote 2>/dev/null)" ""
}

# In the sandbox of the unit, with its credentials.
check_sees_the_same_as_the_service() {
    check_as_the_service
    same "what the service finds" "$output" "$findings"
}

check_as_the_service() {
    inside sed -e 's/^Type=.*/Type=oneshot/' -e '/^ExecStart=/s/ serve$/ check/' \
        -e '/^\(Restart\|RestartSec\|RestartPreventExitStatus\|WatchdogSec\|RuntimeDirectory\|ExecReload\)=/d' \
        /usr/lib/systemd/system/antragsbote.service >"$machine/etc/systemd/system/antragsbote-check.service"
    inside systemctl daemon-reload
    inside systemctl start antragsbote-check || true
    output=$(inside journalctl --quiet --unit antragsbote-check --output cat _COMM=antragsbote)
}
