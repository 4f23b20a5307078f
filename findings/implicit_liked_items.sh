#!/usr/bin/env bash
# Package:  implicit 0.7.2 from PyPI (with numpy and scipy)
# Expected: with filter_already_liked_items=True a list holds no item that the person already has; it may be shorter
# Happens:  where fewer than N others remain, the list is filled with the filtered items at its end: with a score of 0
#           (neighbour models) or of -3.4e38 (factor models), which a caller that takes ids alone shows
# Hurt:     "others you may like" offers what is in the basket; Jardin hides by the host, after every strategy
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet implicit==0.7.2 numpy==2.2.6 scipy==1.15.3
OPENBLAS_NUM_THREADS=1 "$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version
import numpy as np
import scipy.sparse as sparse
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender

bought = sparse.csr_matrix(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 0], [0, 0, 0, 1]], dtype=np.float32))
has = {0, 1}
seen = {}
for name, model in {"cosine": CosineRecommender(K=2), "als": AlternatingLeastSquares(factors=2, iterations=2, random_state=1)}.items():
    model.fit(bought, show_progress=False)
    items, scores = model.recommend(0, bought[0], N=4, filter_already_liked_items=True)
    seen[name] = {int(i): float(s) for i, s in zip(items, scores) if int(i) in has}
print("implicit", version("implicit"), "already bought and recommended all the same:", seen)
sys.exit(0 if seen["cosine"] and set(seen["als"]) == has and max(seen["als"].values()) < -3e38 else 1)
PY
