#!/usr/bin/env bash
# Package:  segment-analytics-python 2.4.0 from PyPI
# Expected: a time without a zone is read in one way, as local time or as UTC, or refused
# Happens:  it is read as local time where it lies less than five seconds back, and as UTC where it lies further back: of two events
#           in one queue, in Paris in winter, the one that happened ten minutes earlier is stamped fifty minutes into the future
# Hurt:     visits whose events arrive late change their order, and an event can lie before the consent that it followed; Jardin
#           refuses an `occurred_at` without its offset by `occurred-at-invalid`
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet segment-analytics-python==2.4.0
TZ="CET-1" "$folder/venv/bin/python" - <<'PY'
import sys
from datetime import datetime, timedelta
from importlib.metadata import version
from segment.analytics.client import Client

client = Client("no key", send=False)
stamped = {}
for minutes in (0, 10):
    happened = datetime.now() - timedelta(minutes=minutes)
    _, message = client.track("somebody", "Product Viewed", {}, timestamp=happened)
    stamped[minutes] = datetime.fromisoformat(message["timestamp"])
print("segment-analytics-python", version("segment-analytics-python"))
for minutes, time in stamped.items():
    print(f"{minutes} minutes ago, without a zone, local time one hour ahead of UTC: {time.isoformat()}")
apart = stamped[10] - stamped[0]
print("the earlier event lies", apart, "after the later one")
sys.exit(0 if timedelta(minutes=49) < apart < timedelta(minutes=51) else 1)
PY
