#!/usr/bin/env bash
# Package:  price-parser 0.4.0 from PyPI
# Expected: "0.250 KWD" is a quarter of a dinar: the Kuwaiti dinar has three decimals (ISO 4217)
# Happens:  three digits after the point are taken for thousands whatever the currency: 250 dinars
# Hurt:     a shop whose feed is read by it sells a 250-fils item for 250 dinars, and every rule over prices is wrong;
#           Jardin takes an amount as a plain decimal, whose point is a point in every currency
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet price-parser==0.4.0
"$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
from price_parser import Price

seen = {text: str(Price.fromstring(text).amount) for text in ["0.250 KWD", "1.500 OMR", "12.345 TND", "12.34 KWD"]}
print("price-parser", version("price-parser"), seen)
sys.exit(0 if seen == {"0.250 KWD": "250", "1.500 OMR": "1500", "12.345 TND": "12345", "12.34 KWD": "12.34"} else 1)
PY
