#!/usr/bin/env bash
# openapi.json is valid by OpenAPI 3.1, as a validator says that is not ours.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check openapi-spec-validator==0.9.0
"$folder/bin/openapi-spec-validator" --schema 3.1.0 openapi.json
