# Setting up by options, and what `check` says of it.
# shellcheck shell=bash

address=antrag@muster.test

setup_writes_the_configuration() {
    # shellcheck disable=SC2016 # the shell inside is meant
    printf '%s\n' "$password" | inside sh -c 'umask 077; cat >/srv/losung'
    ends_with 0 inside antragsbote setup --address "$address" --username "$address" \
        --password-file /srv/losung --imap-host mail.muster.test --imap-port 993 --imap-security tls \
        --smtp-host mail.muster.test --smtp-port 587 --smtp-security starttls \
        --ca-file "$servers/ca.pem" --archive Erledigt --admin verwaltung@muster.test
    has "$output" 'systemctl enable --now antragsbote'
    inside rm /srv/losung
}

# Who is neither root nor the service finds no secret, wherever it looks.
secrets_are_hidden_from_others() {
    local user pid
    for user in nobody mail postfix dovecot; do
        same "what $user reads of the password" "$(files_with_password "$user")" ""
        same "what $user finds of the service" "$(inside_as "$user" find /etc/antragsbote/credentials \
            /var/lib/antragsbote /run/credentials -type f 2>/dev/null || true)" ""
    done
    same "where the password is" "$(files_with_password root | grep -v ^/run/credentials/ | sort)" \
        "/etc/antragsbote/credentials/mailbox
/etc/antragsbote/credentials/outbound"
    same "the rights of the secrets" "$(inside sh -c 'stat -c "%U %a" /etc/antragsbote/credentials/*' | sort -u)" \
        "root 600"
    # Once it runs: what it was started with tells nobody anything, not even root.
    pid=$(property MainPID)
    [ "$pid" -eq 0 ] || has_not "$(inside cat "/proc/$pid/environ" "/proc/$pid/cmdline" | tr '\0' '\n')" "$password"
}

# The files that hold the password, for one who looks; an argument would find its way into the journal.
files_with_password() { # USER
    inside_as "$1" grep -rslF --file=- --exclude-dir=servers --exclude=dovecot.conf \
        /etc /var /run /srv /tmp /root /home <<<"$password" || true
}

# Whether its clock is kept and how much room there is: the machine's business, not the test's.
of_the_service() {
    sed -e '/^! Uhr:/{N;d}' -e '/^✓ Uhr:/d' -e 's/: [0-9]* .B frei/: genug frei/' <<<"$1"
}

check_finds_all_well() {
    ends_with 0 inside antragsbote check
    findings=$(of_the_service "$output")
    same "what is not well" "$(grep -v '^✓' <<<"$findings" || true)" ""
    for words in 'Postfach, IDLE' 'Postfach, Archiv' 'Mailserver, Absender' SPF DMARC; do
        has "$findings" "✓ $words: "
    done
    same "what root left to itself" "$(inside find /var/lib/antragsbote ! -user antragsbote)" ""
}

# In the sandbox of the unit, with its credentials: root looks with the rights of the service.
check_sees_the_same_as_the_service() {
    inside mkdir -p /run/systemd/system
    inside sed -e 's/^Type=.*/Type=oneshot/' -e '/^ExecStart=/s/ serve$/ check/' \
        -e '/^\(ExecReload\|Restart.*\|WatchdogSec\|RuntimeDirectory.*\)=/d' "$unit" |
        inside tee /run/systemd/system/probe.service >/dev/null
    inside systemctl daemon-reload
    inside systemctl start probe || true
    output=$(inside journalctl --quiet --unit probe --output cat _COMM=antragsbote)
    same "what the service finds" "$(of_the_service "$output")" "$(grep -v '^✓ Benutzer:' <<<"$findings")"
    inside rm /run/systemd/system/probe.service
    inside systemctl daemon-reload
}
