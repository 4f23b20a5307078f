#!/usr/bin/env bash
# Package:  mabwiser 2.7.4 from PyPI
# Expected: UCB1 tries what it has never tried before anything else (Auer, Cesa-Bianchi and Fischer 2002): an arm without a trial has no bound
# Happens:  an arm without a trial counts as worth 0 and is never chosen: of 2,000 choices a new arm that always wins gets none, with no error
# Hurt:     a shop that lets a bandit choose among lists, banners or new products never shows what was added last; Jardin has no bandit, and its
#           `new-items` shows what nobody has looked at yet
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet mabwiser==2.7.4
"$folder/venv/bin/python" -W ignore - <<'PY'
import sys
from collections import Counter
from importlib.metadata import version
from mabwiser.mab import MAB, LearningPolicy

bandit = MAB(["first", "second"], LearningPolicy.UCB1(alpha=1.25), seed=7)
bandit.fit(["first", "second"] * 10, [1, 0] * 10)
bandit.add_arm("new")
chosen = Counter()
for _ in range(2000):
    arm = bandit.predict()
    chosen[arm] += 1
    bandit.partial_fit([arm], [1 if arm == "new" else 0])
print("mabwiser", version("mabwiser"), "chosen:", dict(chosen), "the new one:", chosen["new"])
sys.exit(0 if chosen["new"] == 0 and sum(chosen.values()) == 2000 else 1)
PY
