# The Debian (or Ubuntu) the package is installed in: the host's own suite from the host's own mirror.
# shellcheck shell=bash

# Beside debootstrap's smallest set: what boots, what the package asks for, the servers.
contents=systemd-sysv,dbus,adduser,ca-certificates,curl,dnsmasq-base,dovecot-imapd,postfix

# Makes it, unless there is one of the same recipe; each run works on a copy.
a_debian_is_made() {
    local suite mirror recipe
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mirror=$(mirror_of "$suite")
    recipe="$suite $(sha256sum <"$here/debian.sh")"
    exec {lock}>"$kept/debian.lock"
    flock "$lock"
    if [ "$(cat "$kept/debian.recipe" 2>/dev/null)" != "$recipe" ]; then
        rm -rf --one-file-system "$kept/debian" "$kept/debian.recipe"
        debootstrap --variant=minbase --include="$contents" "$suite" "$kept/debian" "$mirror" \
            >"$kept/debootstrap.log" 2>&1 || fail "debootstrap: $(tail -n 20 "$kept/debootstrap.log")"
        rm -rf "$kept/debian/var/cache/apt" "$kept/debian/var/lib/apt/lists"
        mkdir -p "$kept/debian/var/lib/apt/lists/partial" "$kept/debian/var/cache/apt/archives/partial"
        echo "$recipe" >"$kept/debian.recipe"
    fi
    machine=$run/machine
    cp --reflink=auto -a "$kept/debian" "$machine"
    exec {lock}>&-
}

# Where apt takes this suite's packages from.
mirror_of() { # SUITE
    local address release codename
    while read -r address release codename; do
        if [ "$release" = "$1" ] || [ "$codename" = "$1" ]; then
            echo "$address"
            return
        fi
    done < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CODENAME)' \
        'Created-By: Packages' 'Component: main')
    fail "apt knows no mirror for $1"
}
