#!/usr/bin/env bash
# Package:  ranx 0.3.21 from PyPI
# Expected: figures by question (`return_mean=False`) come in the order in which the questions were given, for they carry no names
# Happens:  questions are sorted as text, so that 10 comes before 2: the figures of ten questions numbered from 1 lie one place off from the
#           second on, the same mean above them
# Hurt:     whoever sets figures by question beside the visits they came from, or pairs them with another tool's for a test of significance, compares
#           other visits; Jardin's export numbers its questions and names them in each row
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet ranx==0.3.21
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version
from ranx import Qrels, Run, evaluate

# the n-th question has its right item at rank n
questions = [str(n) for n in range(1, 11)]
right = Qrels({question: {"right": 1} for question in questions})
answers = Run({q: {f"wrong{n}": 20.0 - n for n in range(1, int(q))} | {"right": 20.0 - int(q)} for q in questions})
ranks = [round(1 / value) for value in evaluate(right, answers, "mrr", return_mean=False)]
print("ranx", version("ranx"), "given: 1 to 10, ranks of the right items as they came back:", ranks)
sys.exit(0 if ranks == [1, 10, 2, 3, 4, 5, 6, 7, 8, 9] else 1)
PY
