#!/usr/bin/env bash
# Package:  RecTools 0.19.0 from PyPI
# Expected: NDCG is 1 where the one thing that followed stands first, and never more than 1
# Happens:  it is 0.61 at k = 2, for the ideal is k right items however few there are; and where somebody came back to that
#           item, so that it stands twice in what followed, the same list has 1.23
# Hurt:     figures of two tools are set side by side that differ by the size of the test alone, and shops whose visitors
#           come back to things get figures that mean nothing; Jardin's NDCG is trec_eval's
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet rectools==0.19.0 numpy==1.26.4
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version
import pandas as pd
from rectools.metrics import NDCG, calc_metrics

shown = pd.DataFrame({"user_id": [1], "item_id": [7], "rank": [1]})
once = pd.DataFrame({"user_id": [1], "item_id": [7]})
def ndcg(followed):
    return round(calc_metrics({"ndcg": NDCG(k=2)}, reco=shown, interactions=followed)["ndcg"], 2)

seen = [ndcg(once), ndcg(pd.concat([once, once]))]
print("RecTools", version("rectools"), "NDCG@2 of a perfect list:", seen[0], "and where its item followed twice:", seen[1])
sys.exit(0 if seen == [0.61, 1.23] else 1)
PY
