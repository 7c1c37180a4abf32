# The Debian (or Ubuntu) the package is installed in, from the host's own mirror: it has all of Debian, or of Ubuntu.
# shellcheck shell=bash

# Beside debootstrap's smallest set: what boots, what the package asks for, the servers.
contents=systemd-sysv,dbus,adduser,ca-certificates,curl,dnsmasq-base,dovecot-imapd,postfix

suite=

# Makes it, unless there is one of the same recipe; each run works on a copy.
a_debian_is_made() {
    local mirror recipe
    local debian=$kept/$suite
    recipe=$(sha256sum <"$here/debian.sh")
    exec {lock}>"$debian.lock"
    flock "$lock"
    if [ "$(cat "$debian.recipe" 2>/dev/null)" != "$recipe" ]; then
        mirror=${MIRROR:-$(mirror_of "$own_suite")}
        rm -rf --one-file-system "$debian" "$debian.recipe"
        debootstrap --force-check-gpg --variant=minbase --include="$contents" "$suite" "$debian" "$mirror" \
            >"$debian.log" 2>&1 || fail "debootstrap: $(tail -n 20 "$debian.log")"
        rm -rf "$debian/var/cache/apt" "$debian/var/lib/apt/lists"
        mkdir -p "$debian/var/lib/apt/lists/partial" "$debian/var/cache/apt/archives/partial"
        echo "$recipe" >"$debian.recipe"
    fi
    machine=$run/$suite
    cp --reflink=auto -a "$debian" "$machine"
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
