# Mails of members, and what comes back.
# shellcheck shell=bash

mail() {
    nsenter --target "$init" --net -- python3 "$here/mail.py" "$@"
}

# The Maildir of one who has a mailbox.
maildir() { # PERSON
    echo "$machine$servers/mail/example.org/$1"
}

# A member of a Beirat asks for a motion; the name of the mail is the member's, too.
ask() { # NAME...
    mail send "$address" "Musterantrag Integrationsplan" "$@" <<'END'
Guten Tag,

bitte schicken Sie uns den Musterantrag für den Landkreis Fürth. Antragsteller ist der Ausländerbeirat.

Mit freundlichen Grüßen
Adelheid Vorsitzende
END
}

replies() { # NAME
    mail replies "$(maildir beirat)" "$1"
}

answered() { # NAME...
    local name
    for name in "$@"; do
        [ -n "$(replies "$name")" ] || return 1
    done
}

until_answered() { # NAME...
    until_true "the answer to $*" 60 answered "$@"
}

# Each was answered, and with one and the same reply.
answered_once() { # NAME...
    local name
    for name in "$@"; do
        same "the number of replies to $name" "$(replies "$name" | wc -l)" 1
    done
}

# The mails to the administrator, as text.
alarms() {
    mail letters "$(maildir verwaltung)"
}

alarmed() { # WORDS
    alarms | grep --quiet --fixed-strings -- "$1"
}
