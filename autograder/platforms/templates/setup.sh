#!/bin/sh
# Prepares the image of a Gradescope autograder: a Python of its own in /opt/autograder, with what grading needs.
# Gradescope runs this once, as root, with the archive unpacked in /autograder/source.
set -e
cd "$(dirname "$0")"
umask 022
export DEBIAN_FRONTEND=noninteractive

recent() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
            echo "$candidate" && return
    done
    return 1
}

python=$(recent) || {
    apt-get update
    apt-get install -y python3.12 python3.12-venv || apt-get install -y python3.11 python3.11-venv ||
        apt-get install -y python3 python3-venv
    python=$(recent) || {
        echo "setup.sh: no Python 3.11 or newer: choose Ubuntu 24.04 as the base image" >&2
        exit 1
    }
}
"$python" -m venv /opt/autograder
/opt/autograder/bin/python -m pip install --quiet --no-deps -r requirements.txt ./autograder-*.whl
# Layers in C for support code, if there is a compiler or one can be had; NumPy does the same without.
command -v gcc >/dev/null || apt-get install -y gcc libc6-dev "$python-dev" || true
/opt/autograder/bin/python -m pip install --quiet ./course/solutions/utils/fast || echo "setup.sh: no layers in C"
chmod -R go= .
