#!/bin/sh
# Installs the given Debian packages where they are missing and where we may.
# Elsewhere it says what is missing; the tests that need it then say so themselves.
set -eu
missing=
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then set -- sudo; else
        echo "Please install:$missing (apt-get install$missing)" >&2
        exit 0
    fi
else
    set --
fi
export DEBIAN_FRONTEND=noninteractive
"$@" apt-get update -qq
# shellcheck disable=SC2086
"$@" apt-get install -y -qq --no-install-recommends $missing >/dev/null
