#!/bin/sh
# Install bubblewrap, the best isolation, where that is possible without asking; else say how. Never fails.
command -v bwrap >/dev/null && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "== Installing bubblewrap with apt-get"
    { apt-get update -qq && apt-get install -y -qq bubblewrap; } >/dev/null 2>&1 && exit 0
fi
echo "== bubblewrap is not installed (apt install bubblewrap): sandboxes will use the next level, landlock"
