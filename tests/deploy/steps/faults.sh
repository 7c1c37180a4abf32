# What administrators get wrong, and what mail servers refuse: `check` and the journal name it.
# shellcheck shell=bash

# A fault in what the service needs for its mailbox: `check` names it with its remedy, a reload changes
# nothing, and started anew the service waits for its mailbox, with the fault in the journal.
fault() { # NAME CHECK KIND
    ends_with 69 inside antragsbote check
    has "$output" "✗ $2"
    has "$(grep --after-context 1 "^✗ $2" <<<"$output")" '  → '
    reload
    # The configuration did not change where only a secret did.
    [ "$3" = login ] || until_told_of restart
    ask "vor-$1"
    until_answered "vor-$1"
    restart
    until_told_of "$3"
    same "the service" "$(property ActiveState)" active
    ask "mit-$1"
    restore_settings
    restart
    until_answered "mit-$1"
}

a_wrong_password_is_named() {
    keep_settings
    inside sh -c 'echo falsch >/etc/antragsbote/credentials/mailbox'
    fault passwort Postfach login
}

a_wrong_port_is_named() {
    configure mailbox port 9993
    fault port Postfach refused
}

a_certificate_of_another_name_is_named() {
    configure mailbox host '"anderswo.muster.test"'
    fault zertifikat Postfach certificate
}

a_missing_folder_is_named() {
    configure mailbox folder '"Anträge"'
    fault ordner 'Postfach: der Ordner "Anträge"' folder
}

# It answers all the same; the mail stays where it is.
a_folder_that_cannot_be_written_is_named() {
    configure mailbox archive '"Gesperrt"'
    ends_with 69 inside antragsbote check
    has "$output" '✗ Postfach, Archiv'
    restart
    ask archiv
    until_answered archiv
    until_told_of archive
    restore_settings
    restart
    until_true "the mail in the archive" 60 archived archiv
}

a_refused_sender_is_named() {
    # As where this login may not send in the bot's name.
    postfix_treats_replies '553 5.7.1 Sender address rejected: not owned by user'
    ends_with 69 inside antragsbote check
    has "$output" '✗ Mailserver, Absender'
    mark
    ask absender
    until_told_of sender
    postfix_treats_replies OK
    until_answered absender
}

# Root reads it; the service does not.
templates_that_cannot_be_read_are_named() {
    keep_settings
    inside chmod 700 /etc/antragsbote/templates
    ends_with 78 inside antragsbote check --offline
    has "$output" '✗ Vorlagen: der Benutzer antragsbote darf /etc/antragsbote/templates nicht lesen'
    has "$output" '  → chgrp antragsbote /etc/antragsbote/templates'
    reload
    until_told_of unreadable
    ask vorlagen
    until_answered vorlagen
    restore_settings
    reload
    until_said 'reloaded'
}
