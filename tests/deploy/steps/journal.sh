# What the journal says, and what it never says.
# shellcheck shell=bash

fields() { # NAME...
    journal --output json | python3 "$here/journal.py" fields "$@"
}

# Trouble of a kind, with what to do in the same line.
tells_of() { # KIND
    [ "$(fields ERROR_KIND MESSAGE | grep --count "^$1 .*: .*; .* error.kind=\"$1\"")" -gt 0 ]
}

until_told_of() { # KIND
    until_true "the journal to tell of trouble of the kind $1" 45 tells_of "$1"
}

the_journal_tells_of_requests_by_fields() {
    mark
    ask journal
    until_answered journal
    until_true "the end of the request in the journal" 30 tells_of_an_answer
    # One request, by the id that the log knows.
    local id
    id=$(inside antragsbote log export --format jsonl | grep -F '"journal@muster.test"' |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])')
    has "$(fields REQUEST_ID REQUEST_STATE)" "$id answered"
    same "the number of requests told of" "$(fields REQUEST_ID | wc -l)" 1
}

tells_of_an_answer() {
    [[ $(fields REQUEST_STATE) == *answered* ]]
}

# At the end of all steps: mails, passwords and people are none of the journal's business.
the_journal_tells_of_nobody() {
    cursor=
    local words
    words=$(journal --output json | python3 "$here/journal.py" words \
        @muster.test "Musterantrag Integrationsplan" Adelheid "$password")
    same "what the journal tells of people" "$words" ""
}
