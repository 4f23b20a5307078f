#!/usr/bin/env bash
# What reaches a strategy tells it nothing of what others saw, gave or had hidden: 10,000 random chains, or as many as you say.
# Prints one line, "N tried, N held"; the tests of the workspace run the same law over fewer. Cargo's flags may follow the number.
set -euo pipefail
cd "$(dirname "$0")/.."
flags=("${@:2}")
[ ${#flags[@]} -gt 0 ] || flags=(--release)
JARDIN_TEST_CASES="${1:-10000}" "${CARGO:-cargo}" test "${flags[@]}" --locked -p jardin-engine --lib tests::frames -- --nocapture | grep ' tried, '
