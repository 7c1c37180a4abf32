# A daemon that is killed, and one that hangs.
# shellcheck shell=bash

restarted() { # NUMBER
    [ "$(property NRestarts)" -gt "$1" ] && [ "$(property ActiveState)" = active ]
}

# With a mail server that takes a second for each reply, so that most are under way.
killed_it_loses_nothing_and_doubles_nothing() {
    local members=() number restarts
    for number in {1..30}; do
        members+=("kollege-$number")
    done
    restarts=$(property NRestarts)
    postfix_treats_replies 'sleep 1'
    ask "${members[@]}"
    until_true "a first answer" 60 answered_some "${members[@]}"
    signal KILL
    ! answered "${members[@]}" || fail "all were answered before the daemon was killed"
    postfix_treats_replies OK
    until_true "the restart" 60 restarted "$restarts"
    until_answered "${members[@]}"
    answered_once "${members[@]}"
}

answered_some() { # NAME...
    [ -n "$(replies "$@")" ]
}

# Sends the daemon a signal.
signal() { # NAME
    inside sh -c "kill -$1 $(property MainPID)"
}

# The watchdog hears nothing more, and a process that does not run cannot end by itself.
stopped_it_is_started_again() {
    local restarts
    inside mkdir -p /run/systemd/system/antragsbote.service.d
    printf '[Service]\nWatchdogSec=5\nTimeoutAbortSec=3\nRestartSec=1\n' |
        inside tee /run/systemd/system/antragsbote.service.d/watchdog.conf >/dev/null
    inside systemctl daemon-reload
    inside systemctl restart antragsbote
    restarts=$(property NRestarts)
    signal STOP
    ask stumm
    until_true "the watchdog's restart" 60 restarted "$restarts"
    until_answered stumm
    answered_once stumm
    inside rm -r /run/systemd/system/antragsbote.service.d
    inside systemctl daemon-reload
    inside systemctl restart antragsbote
}
