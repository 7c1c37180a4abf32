# Steps, how they fail, and waiting.
# shellcheck shell=bash

passed=0
current=
place=

# Runs steps, and says of each that it passed.
steps() { # NAME...
    local name begun
    for name in "$@"; do
        begun=$SECONDS
        current="${suite:+$suite: }${name//_/ }"
        "$name"
        passed=$((passed + 1))
        printf 'ok %4d s  %s\n' $((SECONDS - begun)) "$current"
    done
}

# Ends the run with what is wrong.
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# Waits until a command succeeds, and looks five times a second.
until_true() { # WHAT SECONDS COMMAND...
    local what=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "waited in vain: $what"
        sleep 0.2
    done
}

# Runs a command whose exit code is known; what it prints is in $output.
ends_with() { # CODE COMMAND...
    local expected=$1 code=0
    shift
    output=$("$@" 2>&1) || code=$?
    [ "$code" -eq "$expected" ] || fail "ended with $code, not with $expected: $*
$output"
}

# Text that has to contain something.
has() { # TEXT WORDS
    case $1 in
    *"$2"*) ;;
    *) fail "this does not say »$2«:
$1" ;;
    esac
}

# Text that must not contain something.
has_not() { # TEXT WORDS
    case $1 in
    *"$2"*) fail "this says »$2«:
$1" ;;
    esac
}

same() { # WHAT FOUND EXPECTED
    [ "$2" = "$3" ] || fail "$1 is »$2«, not »$3«"
}

# The end, however it comes: what failed, and nothing stays behind.
finish() {
    local status=$?
    trap - ERR EXIT
    set +e
    if [ "$status" -ne 0 ]; then
        printf 'FAILED  %s\n' "$current" >&2
        [ -z "$place" ] || printf '  at %s\n' "${place#"$here"/}" >&2
        show_journals >&2
    fi
    stop_machine
    [ -z "$run" ] || rm -rf --one-file-system "$run"
    printf '%d passed, %d failed\n' "$passed" $((status != 0))
    exit "$status"
}
