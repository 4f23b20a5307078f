#!/usr/bin/env bash
# The clients' own tests: the page's in Node, the servers' in Node, Python and PHP, each against a server that the test starts.
set -euo pipefail
cd "$(dirname "$0")"
need() { command -v "$1" > /dev/null || { echo "installing $2"; apt-get update -qq && apt-get install -y -qq "$2"; }; }
need node nodejs
need php php-cli
node --test --test-timeout=120000
