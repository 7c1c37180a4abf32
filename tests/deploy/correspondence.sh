# Mails of members, and what comes back.
# shellcheck shell=bash

mail() {
    nsenter --target "$init" --net -- python3 "$here/mail.py" "$@"
}

# The Maildir of one who has a mailbox.
maildir() { # PERSON
    echo "$machine$servers/mail/muster.test/$1"
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

# The names of those who got a reply; a name twice for two different ones.
replies() { # NAME...
    mail replies "$(maildir beirat)" "$@"
}

answered() { # NAME...
    [ "$(replies "$@" | sort -u | wc -l)" -eq $# ]
}

until_answered() { # NAME...
    until_true "answers to $*" 90 answered "$@"
}

# Each was answered, and with one and the same reply.
answered_once() { # NAME...
    same "who got more than one reply" "$(replies "$@" | sort | uniq -d)" ""
}

# The mails to the administrator, as text.
alarms() {
    mail letters "$(maildir verwaltung)"
}

alarmed() { # WORDS
    [[ $(alarms) == *"$1"* ]]
}
