#!/usr/bin/env bash
# Package:  apsw 3.50.4.0 from PyPI (SQLite 3.50.4 with FTS5)
# Expected: with secure_delete on, a deleted row's words are gone from the file, at the latest after VACUUM
# Happens:  the word stays in the full-text index's segments until that index is told to `optimize`
# Hurt:     whoever lets people's own words be searched keeps them after an erasure; Jardin has no full-text index
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet apsw==3.50.4.0
"$folder/venv/bin/python" - "$folder/notes.db" <<'PY'
import sys, apsw

path = sys.argv[1]
def run(*statements):
    connection = apsw.Connection(path)
    for statement in statements:
        list(connection.execute(statement))
    connection.close()
    return open(path, "rb").read().count(b"zanzibarcanary")

after_vacuum = run("PRAGMA secure_delete = ON", "CREATE VIRTUAL TABLE notes USING fts5(text)",
    "INSERT INTO notes (rowid, text) VALUES (1, 'zanzibarcanary likes tents')", "INSERT INTO notes (rowid, text) VALUES (2, 'another note')",
    "DELETE FROM notes WHERE rowid = 1", "VACUUM")
after_optimize = run("INSERT INTO notes (notes) VALUES ('optimize')", "VACUUM")
print(f"SQLite {apsw.sqlite_lib_version()}: the deleted word stands {after_vacuum} times in the file after VACUUM, {after_optimize} after optimize")
sys.exit(0 if after_vacuum > 0 and after_optimize == 0 else 1)
PY
