#!/usr/bin/env bash
# Package:  implicit 0.7.3 from PyPI (with numpy and scipy)
# Expected: precision at 5 is the share of right items among five: 0.2 where one of five is right
# Happens:  it is divided by the smaller of five and the number of right items there are: where one thing followed it is 1.0
#           as soon as that is among the five, which is the hit rate
# Hurt:     a precision of 0.5 is taken for every second item being right, and beside another tool's it is five times as high;
#           Jardin's precision is trec_eval's
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet implicit==0.7.3 numpy==2.2.6 scipy==1.15.3
OPENBLAS_NUM_THREADS=1 "$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from importlib.metadata import version
import numpy as np
import scipy.sparse as sparse
from implicit.evaluation import ranking_metrics_at_k

class SameList:
    """Recommends items 0 to 4 to everybody."""
    def recommend(self, users, _, N=5, **options):
        return np.tile(np.arange(N, dtype=np.int32), (len(users), 1)), np.ones((len(users), N), dtype=np.float32)

nothing = sparse.csr_matrix((1, 6), dtype=np.float32)
followed = sparse.csr_matrix(np.array([[0, 0, 1, 0, 0, 0]], dtype=np.float32))
seen = ranking_metrics_at_k(SameList(), nothing, followed, K=5, show_progress=False)["precision"]
print("implicit", version("implicit"), "one of five is right, precision at 5:", seen)
sys.exit(0 if seen == 1.0 else 1)
PY
