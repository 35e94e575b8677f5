#!/bin/sh
# Install Debian packages where that is possible without asking; else say which are missing. Takes pairs of a program
# or folder that has to be there, and the package that has it.
missing=""
while [ $# -ge 2 ]; do
    [ -e "$1" ] || command -v "$1" >/dev/null || missing="$missing $2"
    shift 2
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "== Installing$missing with apt-get"
    # a server that a test needs is started by the test; the package must not start one of its own
    { apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
        >/dev/null && exit 0
fi
echo "== missing: apt install$missing" >&2
exit 1
