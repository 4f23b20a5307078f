#!/usr/bin/env bash
# Package:  pyarrow 26.0.1 and pandas 2.3.3 from PyPI
# Expected: a Parquet file holds the rows that were written, and nothing of those that were filtered out before
# Happens:  where a column is dictionary-encoded (in pandas: a category), its whole dictionary is written, so that the value of a removed row
#           stands in the file in clear, while no reader shows it; the same rows as plain text leave nothing
# Hurt:     a table "without those who objected" carries their addresses to whoever receives the file; Jardin writes no Parquet, and what it
#           exports it writes from values (docs/data.md says what to do with tables of one's own)
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet pyarrow==26.0.1 pandas==2.3.3
cd "$folder" && venv/bin/python - <<'PY'
import sys
from importlib.metadata import version
from pathlib import Path
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

people = [f"person-{n:02}@shop.example" for n in range(50)]
removed = people[7]
def written(name, write):
    write(name)
    shown = pq.read_table(name)["mail"].to_pylist()
    return {"rows": len(shown), "shown": removed in shown, "in the file": removed.encode() in Path(name).read_bytes()}

texts = pa.array(people)
def arrow(mails):
    table = pa.table({"mail": mails, "number": range(50)})
    kept = table.filter(pc.not_equal(table["number"], 7))
    return lambda name: pq.write_table(kept, name, compression="none")
frame = pd.DataFrame({"mail": pd.Categorical(people), "number": range(50)})
seen = {
    "plain text": written("plain.parquet", arrow(texts)),
    "dictionary": written("dictionary.parquet", arrow(texts.dictionary_encode())),
    "pandas category": written("category.parquet", lambda name: frame[frame.number != 7].to_parquet(name, compression=None)),
}
print("pyarrow", version("pyarrow"), "pandas", version("pandas"))
for how, found in seen.items():
    print(f"{how}: {found}")
counts = [(found["rows"], found["shown"], found["in the file"]) for found in seen.values()]
sys.exit(0 if counts == [(49, False, False), (49, False, True), (49, False, True)] else 1)
PY
