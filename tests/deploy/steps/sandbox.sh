# The sandbox: what systemd thinks of it, and whether the process is in it.
# shellcheck shell=bash

systemd_thinks_well_of_the_sandbox() {
    ends_with 0 inside systemd-analyze security --threshold=15 --no-pager antragsbote.service
    ends_with 0 inside systemd-analyze security --threshold=15 --no-pager --offline=yes \
        /usr/lib/systemd/system/antragsbote.service
}

every_directive_is_in_force() {
    local line found
    while read -r line; do
        found=$(inside systemctl show antragsbote --property "${line%%=*}")
        same "the directive" "$found" "$line"
    done <"$here/sandbox.txt"
    # What of it the kernel shows.
    local status
    status=$(inside cat "/proc/$(property MainPID)/status")
    for line in $'NoNewPrivs:\t1' $'Seccomp:\t2' $'CapPrm:\t0000000000000000' \
        $'CapEff:\t0000000000000000' $'CapBnd:\t0000000000000000'; do
        has "$status" "$line"
    done
    # ProtectHostname= and its like stand on user and mount namespaces of its own.
    for line in user mnt uts; do
        [ "$(namespace "$(property MainPID)" "$line")" != "$(namespace 1 "$line")" ] ||
            fail "the service has no $line namespace of its own"
    done
}

namespace() { # PID KIND
    inside readlink "/proc/$1/ns/$2"
}
