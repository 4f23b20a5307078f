#!/usr/bin/env bash
# openapi.json is valid by OpenAPI 3.1, and a running shop answers as it says whatever it is sent, as two programs say that
# are not ours. Takes two minutes at most.
set -euo pipefail
cd "$(dirname "$0")/.."
jardin=${JARDIN:-target/release/jardin}
folder=$(mktemp -d)
served=
trap '[ -z "$served" ] || kill "$served"; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openapi-spec-validator==0.9.0 schemathesis==4.32.5
"$folder/venv/bin/openapi-spec-validator" --schema 3.1.0 openapi.json

"$jardin" demo --listen 127.0.0.1:0 --data "$folder/data" >"$folder/said" 2>&1 &
served=$!
for _ in $(seq 600); do
  address=$(sed -n 's/^listening on //p' "$folder/said")
  [ -z "$address" ] || break
  kill -0 "$served" || { cat "$folder/said"; exit 1; }
  sleep 0.1
done
[ -n "$address" ] || { cat "$folder/said"; exit 1; }

# The demo has no key, so nothing is said of who may call: the tests of this repository walk every route for that. What the
# policy and the shop say of a value stands in no schema, so that a valid request may be refused. NDJSON it cannot make.
# It leaves what it found where it runs.
document=$PWD/openapi.json
cd "$folder"
venv/bin/schemathesis run "$document" --url "$address" --no-color \
  --phases examples,fuzzing --max-examples 300 --max-time "${SECONDS_AT_MOST:-90}" --generation-deterministic --no-shrink \
  --continue-on-failure --exclude-operation-id replace_items \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance
