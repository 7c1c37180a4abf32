# A further bot beside the first, as the handbook says.
# shellcheck shell=bash

a_further_bot_has_folders_of_its_own() {
    local settings=/etc/antragsbote/verein/antragsbote.toml
    inside mkdir /etc/antragsbote/verein
    ends_with 0 inside install -d -o antragsbote -g antragsbote -m 700 /var/lib/antragsbote/verein
    printf '%s\n' "$password" | inside sh -c 'umask 077; cat >/srv/losung'
    ends_with 0 inside antragsbote --config "$settings" setup --address verein@muster.test \
        --password-file /srv/losung --imap-host mail.muster.test --imap-port 993 --imap-security tls \
        --smtp-host mail.muster.test --smtp-port 587 --smtp-security starttls \
        --ca-file "$servers/ca.pem" --archive Erledigt --admin ''
    has "$output" 'systemctl enable --now antragsbote@verein'
    inside rm /srv/losung
    ends_with 0 inside antragsbote --config "$settings" check
    has "$output" 'systemctl start antragsbote@verein'
    ends_with 0 inside systemctl enable --now antragsbote@verein
    same "the logs" "$(inside find /var/lib/antragsbote -name log.db | sort)" \
        "/var/lib/antragsbote/log.db
/var/lib/antragsbote/verein/log.db"
    ends_with 0 inside test -S /run/antragsbote-verein/deliver.sock
}

# Neither stops the other, and each has its own mail.
a_further_bot_works_beside_the_first() {
    ends_with 0 inside systemctl restart antragsbote
    same "the further bot" "$(inside systemctl is-active antragsbote@verein)" active
    ends_with 0 inside sh -c 'printf "From: beirat@muster.test\nTo: verein@muster.test\nSubject: Bitte\nMessage-ID: <verein@muster.test>\n\nBitte den Musterantrag für den Landkreis Fürth, Ausländerbeirat.\n" | antragsbote --config /etc/antragsbote/verein/antragsbote.toml deliver'
    until_true "the further bot's answer" 30 further_answered
    has_not "$(inside antragsbote log export)" verein@muster.test
}

further_answered() {
    [[ $(inside antragsbote --config /etc/antragsbote/verein/antragsbote.toml log list) == *beantwortet* ]]
}

# It is started once more, for the package to stop when it goes.
leaving_it_leaves_the_first() {
    ends_with 0 inside systemctl disable --now antragsbote@verein
    same "the first bot" "$(property ActiveState)" active
    ends_with 0 inside systemctl start antragsbote@verein
}
