#!/usr/bin/env bash
# Package:  apsw 3.50.4.0 from PyPI (SQLite 3.50.4, built with ENABLE_STAT4 as Debian's and most distributions' are)
# Expected: with secure_delete on, DELETE of every row and VACUUM leave nothing of the rows in the file
# Happens:  ANALYZE has copied sample values of the index into sqlite_stat4, where they stay until the next ANALYZE
# Hurt:     a shop that erases a person still holds their address in its file; so Jardin's store keeps no text that
#           identifies anybody in SQLite in clear, and never analyses an index over such a text
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet apsw==3.50.4.0
"$folder/venv/bin/python" - "$folder/people.db" <<'PY'
import sys, apsw

path = sys.argv[1]
def run(*statements):
    with_connection = apsw.Connection(path)
    for statement in statements:
        list(with_connection.execute(statement))
    with_connection.close()

def left():
    return open(path, "rb").read().count(b"@shop.example")

run("PRAGMA secure_delete = ON", "CREATE TABLE people (id INTEGER PRIMARY KEY, mail TEXT)", "CREATE INDEX by_mail ON people (mail)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
    "INSERT INTO people SELECT i, printf('person-%05d@shop.example', i) FROM n",
    "ANALYZE")
run("PRAGMA secure_delete = ON", "DELETE FROM people", "VACUUM")
after_delete = left()
run("ANALYZE", "VACUUM")
after_analyze = left()
print(f"SQLite {apsw.sqlite_lib_version()}: {after_delete} addresses in the file after DELETE and VACUUM, {after_analyze} after another ANALYZE")
sys.exit(0 if after_delete > 0 and after_analyze == 0 else 1)
PY
