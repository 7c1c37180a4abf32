# Starting, and answering.
# shellcheck shell=bash

it_starts_and_says_how_it_fares() {
    ends_with 0 inside systemctl enable --now antragsbote
    same "the service" "$(property ActiveState)" active
    until_true "the status to tell of the mailbox" 30 status_says Postfach
    same "the number of failed starts" "$(property NRestarts)" 0
}

status_says() { # WORDS
    [[ $(property StatusText) == *"$1"* ]]
}

a_mail_brings_the_motion() {
    ask anna
    until_answered anna
    local motion
    motion=$(mail motion "$(maildir beirat)" anna)
    has "$motion" $'\nMusterantrag_Landkreis-Fürth_Ausländerbeirat.docx\nMusterantrag\n'
    has "$motion" ' im Landkreis Fürth'
    until_true "the mail in the archive" 30 archived anna
}

archived() { # NAME
    grep -rqsF "<$1@post.muster.test>" "$(maildir antrag)/.Erledigt"
}

# Postfix's pipe runs `deliver` as nobody, in the service's group.
a_pipe_of_the_mail_server_hands_mail_in() {
    address=rohr@muster.test ask rohrpost
    until_answered rohrpost
}
