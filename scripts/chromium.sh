#!/bin/sh
# Install Chromium and its driver for the tests of pages in a browser, where that is possible without asking; else say
# how. Never fails: without them those tests are skipped, and say so.
command -v chromium >/dev/null && command -v chromedriver >/dev/null && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "== Installing chromium with apt-get, for the tests of pages in a browser"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver; } >/dev/null 2>&1 && exit 0
fi
echo "== chromium is not installed (apt install chromium chromium-driver): pages are not tested in a browser"
