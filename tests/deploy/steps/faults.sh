# What administrators get wrong, and what mail servers refuse: `check` and the journal name it.
# shellcheck shell=bash

# One fault: `check` names it, the running service goes on with what it has, and when it is started
# anew the journal names it, too, while `deliver` is still served.
fault() { # NAME CHECK JOURNAL
    local name=$1
    ends_with 69 inside antragsbote check
    has "$output" "$2"
    has "$output" "  → "
    reload
    ask "lauf-$name"
    until_answered "lauf-$name"
    restart
    until_said "$3"
    fields ERROR_KIND | grep --quiet . || fail "the failure has no kind"
    same "the service" "$(property ActiveState)" active
    restore_settings
}

a_wrong_password_is_named() {
    keep_settings
    inside sh -c 'echo falsch >/etc/antragsbote/credentials/mailbox'
    fault passwort '✗ Postfach' 'password'
}

a_wrong_port_is_named() {
    configure mailbox port 9993
    fault port '✗ Postfach' 'port'
}

a_certificate_of_another_name_is_named() {
    configure mailbox host '"anderswo.muster.test"'
    fault zertifikat '✗ Postfach' 'certificate'
}

a_missing_folder_is_named() {
    configure mailbox folder '"Anträge"'
    fault ordner '✗ Postfach' 'folder'
}

# It answers all the same; the mail stays where it is.
a_folder_that_cannot_be_written_is_named() {
    configure mailbox archive '"Gesperrt"'
    ends_with 69 inside antragsbote check
    has "$output" '✗ Archiv'
    restart
    ask archiv
    until_answered archiv
    until_said 'archive'
    restore_settings
    restart
    until_true "the mail in the archive" 60 archived archiv
}

a_refused_sender_is_named() {
    inside postconf -c "$servers/etc" -e \
        "smtpd_sender_restrictions=check_sender_access inline:{ $address=REJECT }"
    inside systemctl reload postfix
    ends_with 69 inside antragsbote check
    has "$output" '✗ Mailserver'
    mark
    ask absender
    until_true "the failure in the journal" 30 tells_of_a_failure
    inside postconf -c "$servers/etc" -X smtpd_sender_restrictions
    inside systemctl reload postfix
    ends_with 0 inside antragsbote log retry "$(fields REQUEST_ID ERROR_KIND | cut -d ' ' -f 1)"
    until_answered absender
}

tells_of_a_failure() {
    fields REQUEST_STATE | grep --quiet --line-regexp failed
}

# Root reads it; the service does not.
templates_that_cannot_be_read_are_named() {
    keep_settings
    inside chmod 700 /etc/antragsbote/templates
    ends_with 78 inside antragsbote check --offline
    has "$output" '✗ Vorlagen'
    reload
    until_said /etc/antragsbote/templates
    ask vorlagen
    until_answered vorlagen
    restore_settings
    reload
    until_said 'reloaded'
}
