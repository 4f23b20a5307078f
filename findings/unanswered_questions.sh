#!/usr/bin/env bash
# Package:  pytrec-eval-terrier 0.5.11 from PyPI
# Expected: who answers one of two questions, and answers it well, has found one of two
# Happens:  a question that is not in the run is not in the result, so that the mean over the result is 1.0; one that is in
#           it with an empty list counts 0
# Hurt:     a recommender that gives no list where it knows nothing looks better than one that tries; Jardin's evaluation
#           counts a question without an answer as missed
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet pytrec-eval-terrier==0.5.11 numpy==1.26.4
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version
import pytrec_eval

asked = pytrec_eval.RelevanceEvaluator({"easy": {"a": 1}, "hard": {"b": 1}}, {"recip_rank"})
def mean(run):
    found = [question["recip_rank"] for question in asked.evaluate(run).values()]
    return sum(found) / len(found)

seen = [mean({"easy": {"a": 1.0}}), mean({"easy": {"a": 1.0}, "hard": {}})]
print("pytrec_eval", version("pytrec-eval-terrier"), "the hard question left out:", seen[0], "answered with nothing:", seen[1])
sys.exit(0 if seen == [1.0, 0.5] else 1)
PY
