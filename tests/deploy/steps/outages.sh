# A daemon that is killed, and one that hangs.
# shellcheck shell=bash

restarted() { # NUMBER
    [ "$(property NRestarts)" -gt "$1" ] && [ "$(property ActiveState)" = active ]
}

killed_it_loses_nothing_and_doubles_nothing() {
    local members=() number restarts
    for number in {1..60}; do
        members+=("beirat-$number")
    done
    restarts=$(property NRestarts)
    ask "${members[@]}"
    until_answered beirat-1
    inside kill -KILL "$(property MainPID)"
    until_true "the restart" 30 restarted "$restarts"
    until_answered "${members[@]}"
    answered_once "${members[@]}"
}

# The watchdog hears nothing more, and a process that does not run cannot end by itself.
stopped_it_is_started_again() {
    local restarts
    inside mkdir -p /run/systemd/system/antragsbote.service.d
    printf '[Service]\nWatchdogSec=5\nTimeoutAbortSec=3\n' |
        inside tee /run/systemd/system/antragsbote.service.d/watchdog.conf >/dev/null
    inside systemctl daemon-reload
    inside systemctl restart antragsbote
    restarts=$(property NRestarts)
    inside kill -STOP "$(property MainPID)"
    ask stumm
    until_true "the watchdog's restart" 60 restarted "$restarts"
    same "how it ended" "$(property Result)" success
    until_answered stumm
    answered_once stumm
    inside rm -r /run/systemd/system/antragsbote.service.d
    inside systemctl daemon-reload
    inside systemctl restart antragsbote
}
