# Booting the Debian, doing something inside, ending it.
# shellcheck shell=bash

machine=
nspawn=
init=
# Where the package puts the unit.
unit=/usr/lib/systemd/system/antragsbote.service

it_boots() {
    # Two at once would share the control groups below ours, and upset each other's services.
    exec {turn}</sys/fs/cgroup
    flock --timeout 1800 "$turn" || fail "another run has had a machine for half an hour"
    prepare_servers
    : >"$machine/etc/machine-of-a-test"
    # --console: with another one it waits for a terminal. Everything is thrown away: no need to sync.
    # Control groups as a new systemd wants them, whatever this machine has.
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --register=no --keep-unit --boot \
        --directory="$machine" --machine="antragsbote-$$" --private-network --link-journal=no --resolv-conf=off \
        --timezone=off --suppress-sync=yes --console=read-only \
        </dev/null >"$run/console.txt" 2>&1 &
    nspawn=$!
    until_true "the machine's first process" 30 find_init
    until_true "the machine's root" 30 inside test -e /etc/machine-of-a-test
    until_true "the machine's service manager" 30 machine_runs
    until_true "IMAP, SMTP and submission" 30 servers_listen
}

find_init() {
    init=$(<"/proc/$nspawn/task/$nspawn/children")
    init=${init%% *}
    [ -n "$init" ]
}

machine_runs() {
    inside systemctl is-system-running --quiet --wait 2>/dev/null
}

# Runs a command in the machine, as root or as somebody else.
inside() {
    nsenter --target "$init" --all -- env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

inside_as() { # USER COMMAND...
    local user=$1
    shift
    inside runuser -u "$user" -- "$@"
}

# One property of the unit.
property() {
    inside systemctl show antragsbote --value --property "$1"
}

# The unit's journal since the last `mark`, as text or as objects.
mark() {
    cursor=$(inside journalctl --quiet --no-pager --lines 0 --show-cursor)
    cursor=${cursor#-- cursor: }
}

journal() {
    inside journalctl --quiet --no-pager --unit antragsbote ${cursor:+--after-cursor "$cursor"} "$@"
}

says() { # WORDS
    [[ $(journal --output cat) == *"$1"* ]]
}

until_said() { # WORDS
    until_true "the journal to say »$1«" 30 says "$1"
}

# By process id, orderly at first: nspawn tells its init, whose end takes all of the machine along.
stop_machine() {
    [ -n "$nspawn" ] || return 0
    kill -TERM "$nspawn" 2>/dev/null
    local deadline=$((SECONDS + 20))
    while kill -0 "$nspawn" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do
        sleep 0.1
    done
    kill -KILL ${init:+"$init"} "$nspawn" 2>/dev/null
    wait "$nspawn" 2>/dev/null
    rmdir "/run/systemd/nspawn/propagate/antragsbote-$$" 2>/dev/null
    nspawn='' init='' cursor=''
    exec {turn}<&-
}

show_journals() {
    if [ -n "$init" ] && kill -0 "$init" 2>/dev/null; then
        cursor=
        echo '--- the journal of the service'
        journal --lines 60 --output short-precise
        echo '--- the journal of the machine'
        inside journalctl --quiet --no-pager --lines 30 --priority warning
        tail -n 20 "$machine"/var/lib/servers/*.log
    elif [ -s "$run/console.txt" ]; then
        echo '--- the console'
        tail -n 40 "$run/console.txt"
    fi
}
