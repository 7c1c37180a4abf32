# Building the package.
# shellcheck shell=bash

package=
upgrade=

# Whoever called root owns what Cargo makes.
as_caller() {
    runuser --user "${CALLER:-root}" -- "$@"
}

the_package_is_built() {
    package=$run/antragsbote.deb
    upgrade=$run/antragsbote-upgrade.deb
    build_package "$package"
    build_package "$upgrade" "$(dpkg-deb --field "$package" Version)+1"
}

build_package() { # FILE [VERSION]
    local file=$1 built
    shift
    built=$(as_caller deploy/build "$@" 2>"$run/build.txt") || fail "deploy/build $*: $(tail -n 40 "$run/build.txt")"
    # The next one clears the folder.
    mv "$built" "$file"
}

lintian_is_content() {
    ends_with 0 as_caller lintian --allow-root --fail-on error,warning "$package"
    same "what lintian says" "$output" ""
}

the_package_says_what_it_is_made_of() {
    local parts name
    parts=$(dpkg-deb --fsys-tarfile "$package" |
        tar --extract --to-stdout ./usr/share/doc/antragsbote/antragsbote.cdx.json |
        jq --raw-output '.components[] | "\(.name) \(.version)"')
    # One from the lock file, and what no crate says of itself.
    has "$parts" "rustls $(sed -n '/^name = "rustls"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)"
    has "$parts" "Rust standard library $(rustc --version | cut -d ' ' -f 2)"
    grep -q '^SQLite 3\.' <<<"$parts" || fail "no SQLite in $parts"
    # Neither macros nor what only tests and measurements need.
    for name in serde_derive criterion proptest; do
        ! grep -q "^$name " <<<"$parts" || fail "$name is no part of the program"
    done
}
