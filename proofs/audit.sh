#!/usr/bin/env bash
# Whatever is done to the audit's files within their proved part is found: 10,000 random changes, or as many as you say.
# Prints one line, "N tried, N held"; the tests of the workspace try fewer. Cargo's flags may follow the number.
set -euo pipefail
cd "$(dirname "$0")/.."
flags=("${@:2}")
[ ${#flags[@]} -gt 0 ] || flags=(--release)
JARDIN_TEST_CASES="${1:-10000}" "${CARGO:-cargo}" test "${flags[@]}" --locked -p jardin-audit --test mutations -- --nocapture | grep ' tried, '
