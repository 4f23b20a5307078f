#!/usr/bin/env bash
# Package:  deltalake 1.6.6 from PyPI (with pyarrow 26.0.1)
# Expected: after DELETE and a VACUUM that keeps nothing, no file of the table holds the deleted row's values
# Happens:  the log keeps the least and the greatest value of each column of each file that there was, as text: the first and the last person in
#           the alphabet stay readable in it, through a checkpoint too, until the log's own retention is over, which VACUUM does not shorten
# Hurt:     an erased customer's address lies in the log of the table of events that a shop exported; Jardin's events hold numbers, and a
#           table of one's own should have no statistics over what identifies anybody (docs/data.md)
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet deltalake==1.6.6 pyarrow==26.0.1
cd "$folder" && venv/bin/python - <<'PY'
import sys
from importlib.metadata import version
from pathlib import Path
import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

people = [f"person-{n:02}@shop.example" for n in range(50)]
write_deltalake("events", pa.table({"mail": people, "number": list(range(50))}))
table = DeltaTable("events")
table.delete("number = 0 or number = 25")
def holding(person):
    return sorted(path.parent.name for path in Path("events").rglob("*") if path.is_file() and person.encode() in path.read_bytes())

table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
after_vacuum = [holding(people[0]), holding(people[25])]
table.create_checkpoint()
table.cleanup_metadata()
after_clean_up = holding(people[0])
rows = DeltaTable("events").to_pyarrow_table().num_rows
print("deltalake", version("deltalake"), "rows left:", rows)
print("folders that hold the first deleted person after VACUUM:", after_vacuum[0], "and one from the middle:", after_vacuum[1])
print("the first after a checkpoint and a clean-up:", after_clean_up)
sys.exit(0 if rows == 48 and after_vacuum == [["_delta_log"], []] and "_delta_log" in after_clean_up else 1)
PY
