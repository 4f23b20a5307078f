#!/usr/bin/env bash
# The clients' own tests: the page's in Node, the servers' in Node, Python and PHP, each against a server that the test starts; then the
# demo's shop in Debian's Chromium. JARDIN_BIN is the program, by default the release build.
set -euo pipefail
cd "$(dirname "$0")"
need() { command -v "$1" > /dev/null || { echo "installing $2"; apt-get update -qq && apt-get install -y -qq "$2"; }; }
need node nodejs
need npm npm
need php php-cli
need chromium chromium

node --test --test-timeout=120000 js/*.test.js *.test.js

cd browser
npm ci --silent --no-fund --no-audit
# one shop and one browser at a time
node --test --test-concurrency=1 --test-timeout=300000
