#!/usr/bin/env bash
# Package:  mixpanel 5.4.1 from PyPI
# Expected: a time that carries its offset from UTC is sent as the moment that it is, with the offset or turned to UTC (ISO 8601)
# Happens:  the offset is cut off: ten o'clock in Tokyo and ten o'clock in New York, fourteen hours apart, are sent as the same text
# Hurt:     properties such as the time of a consent or of a delivery lie up to a day from the truth, and an answer can come to lie before its
#           question; Jardin refuses an `occurred_at` without its offset by `occurred-at-invalid`, so that such a text does not pass
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet mixpanel==5.4.1
"$folder/venv/bin/python" - <<'PY'
import json, sys
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from mixpanel import Mixpanel

class Kept:
    """Keeps what would have been sent."""
    def __init__(self):
        self.sent = []
    def send(self, endpoint, message, *rest, **options):
        self.sent.append(json.loads(message)["properties"]["agreed_at"])

kept = Kept()
client = Mixpanel("no token", consumer=kept)
times = [datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=hours))) for hours in (9, -5)]
for time in times:
    client.track("somebody", "Agreed", {"agreed_at": time})
print("mixpanel", version("mixpanel"), "given:", [time.isoformat() for time in times], "sent:", kept.sent)
sys.exit(0 if kept.sent == ["2026-03-01T10:00:00"] * 2 else 1)
PY
