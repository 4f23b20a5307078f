#!/usr/bin/env bash
# Package:  pytrec-eval-terrier 0.5.7 and ranx 0.3.20 from PyPI
# Expected: the reciprocal rank of one run is one number, and a higher score ranks higher
# Happens:  of tied scores pytrec_eval ranks the later id first, ranx the item that was put in first; and pytrec_eval
#           compares scores as 32-bit floats, so that 1.0000000002 does not rank above 1.0000000001
# Hurt:     whoever compares recommenders that score by counts (many ties) measures the order of ids: the same list gave
#           0.33 and 1.0; Jardin's evaluation takes ranked lists, never scores
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet pytrec-eval-terrier==0.5.7 ranx==0.3.20
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys
import pytrec_eval
from ranx import Qrels, Run, evaluate

relevant = {"q": {"a": 1}}
def trec(run):
    return round(pytrec_eval.RelevanceEvaluator(relevant, {"recip_rank"}).evaluate({"q": run})["q"]["recip_rank"], 2)
def ranx(run):
    return round(float(evaluate(Qrels(relevant), Run({"q": run}), "mrr")), 2)

tied = {"a": 1.0, "b": 1.0, "c": 1.0}
turned = {"c": 1.0, "b": 1.0, "a": 1.0}
apart = {"a": 1.0000000002, "b": 1.0000000001}
seen = [trec(tied), trec(turned), ranx(tied), ranx(turned), trec(apart), ranx(apart)]
print("pytrec_eval", seen[:2], "ranx", seen[2:4], "scores apart by 1e-10:", seen[4:])
sys.exit(0 if seen[:5] == [0.33, 0.33, 1.0, 0.33, 0.5] else 1)
PY
