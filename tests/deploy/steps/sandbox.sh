# The sandbox: what systemd thinks of it, and whether the process is in it.
# shellcheck shell=bash

# 1.5, in tenths.
systemd_thinks_well_of_the_sandbox() {
    ends_with 0 inside systemd-analyze security --threshold=15 --no-pager antragsbote.service
    ends_with 0 inside systemd-analyze security --threshold=15 --no-pager --offline=yes "$unit"
}

# Systemd passes over what it does not know or cannot do, so it is asked what it made of each line.
every_directive_is_in_force() {
    local line key value
    while read -r line; do
        key=${line%%=*}
        value=${line#*=}
        case $key in
        # Shown in other words; LoadCredential is shown by every login of the service.
        Exec* | *Sec | LoadCredential | RestrictAddressFamilies | SystemCall*) continue ;;
        MemoryMax) value=$(numfmt --from=iec "$value") ;;
        esac
        same "$key" "$(property "$key")" "$value"
    done < <(inside sed -n '/^\[Service\]/,/^\[Install\]/ s/^[A-Z][A-Za-z]*=/&/p' "$unit")
    same "RestrictAddressFamilies" "$(property RestrictAddressFamilies | tr ' ' '\n' | sort | xargs)" \
        "AF_INET AF_INET6 AF_UNIX"
    has_not " $(property SystemCallFilter) " ' mount '
    # What of it the kernel shows of the process.
    local pid status
    pid=$(property MainPID)
    status=$(inside cat "/proc/$pid/status")
    for line in $'NoNewPrivs:\t1' $'Seccomp:\t2' $'CapPrm:\t0000000000000000' \
        $'CapEff:\t0000000000000000' $'CapBnd:\t0000000000000000'; do
        has "$status" "$line"
    done
    for line in user mnt uts; do
        [ "$(inside readlink "/proc/$pid/ns/$line")" != "$(inside readlink "/proc/1/ns/$line")" ] ||
            fail "the service has no $line namespace of its own"
    done
    inside grep --quiet '^[^ ]* / [^ ]* ro,' "/proc/$pid/mounts" || fail "the service may write to /"
}
