#!/usr/bin/env bash
# Package:  amplitude-analytics 1.3.0 from PyPI
# Expected: a price as a Decimal, as Python's manual advises for money, is sent as a number, or refused
# Happens:  one such value and the event goes out without any of its properties, the item's id and the currency too; nothing is raised
# Hurt:     purchases arrive that name nothing that was bought, so that a shop that fills its recommender from there learns from empty
#           visits; Jardin refuses an event without items by `items-missing`
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet amplitude-analytics==1.3.0
"$folder/venv/bin/python" - <<'PY' 2> /dev/null
import sys
from decimal import Decimal
from importlib.metadata import version
from amplitude import BaseEvent

def sent(price):
    event = BaseEvent("Order Completed", user_id="somebody", event_properties={"item_id": "TEN-103", "currency": "EUR", "price": price})
    return event.get_event_body().get("event_properties")

seen = [sent(199.0), sent(Decimal("199.00"))]
print("amplitude-analytics", version("amplitude-analytics"), "properties with a float:", seen[0], "with a Decimal:", seen[1])
sys.exit(0 if seen == [{"item_id": "TEN-103", "currency": "EUR", "price": 199.0}, None] else 1)
PY
