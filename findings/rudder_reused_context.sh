#!/usr/bin/env bash
# Package:  rudder-sdk-python 2.1.9 from PyPI
# Expected: the `context` of a call is what the caller put there, so that one dictionary for all calls of a server is as good as many
# Happens:  `identify` writes the person's traits into the caller's own dictionary: the next call that is given it, about another person,
#           sends the first one's address
# Hurt:     a shop's events tie one customer's purchase to another one's e-mail; an event of Jardin has no such context, and whoever turns
#           these events into its own must take nothing from there
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet rudder-sdk-python==2.1.9
"$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
from rudderstack.analytics.client import Client

client = Client("no key", send=False)
context = {"app": {"name": "shop"}}
client.identify("first", {"email": "first@shop.example"}, context=context)
_, event = client.track("second", "Order Completed", {"order_id": "O-1"}, context=context)
traits = event["context"].get("traits")
print("rudder-sdk-python", version("rudder-sdk-python"), "event of:", event["userId"], "traits sent with it:", traits)
sys.exit(0 if event["userId"] == "second" and traits == {"email": "first@shop.example"} else 1)
PY
