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
