#!/usr/bin/env bash
# The figures of `jardin evaluate` equal those that six other evaluators give to the same questions and answers, with what docs/quality.md says is to
# be set there. Cargo's flags may follow. Needs a network: the others are installed, pinned, in a temporary folder.
# Prints a line a comparison and at the end "N tried, N held"; exits 1 where one differs.
set -euo pipefail
cd "$(dirname "$0")/.."
flags=("$@")
[ ${#flags[@]} -gt 0 ] || flags=(--release)
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numpy==1.26.4 scipy==1.17.1 pandas==2.3.3 scikit-learn==1.9.1 PyYAML==6.0.4 tqdm==4.70.1 \
    pytrec-eval-terrier==0.5.11 RecTools==0.19.0 implicit==0.7.3 lenskit==0.14.4 ranx==0.3.20
# without its dependency on torch, which its figures do not use
"$folder/venv/bin/pip" install --quiet --no-deps recpack==0.3.6
# sessions and questions of twelve items, with repeats, and with items that nobody learned
"$folder/venv/bin/python" - "$folder" <<'PY'
import random, sys
dice = random.Random(7)
items = [f"i{n}" for n in range(12)]
with open(f"{sys.argv[1]}/train.tsv", "w") as train:
    train.write("SessionId\tItemId\tTime\n")
    for session in range(80):
        for place in range(dice.randint(2, 6)):
            item = items[min(int(dice.expovariate(0.3)), 11)]
            train.write(f"{session}\t{item}\t{1600000000 + 3600 * session + place}\n")
with open(f"{sys.argv[1]}/queries.tsv", "w") as queries:
    for _ in range(60):
        shown = dice.choices(items, k=dice.randint(1, 3))
        followed = dice.choices(items + ["unknown"], k=dice.randint(1, 9))
        queries.write(" ".join(shown) + "\t" + " ".join(followed) + "\n")
PY
for k in 5 20; do
    "${CARGO:-cargo}" run "${flags[@]}" --locked --quiet -- evaluate --train "$folder/train.tsv" --queries "$folder/queries.tsv" \
        --at-least-people 1 --k "$k" --json --export "$folder/$k" > "$folder/$k.json" 2> "$folder/$k.log" || { cat "$folder/$k.log"; exit 1; }
done
OPENBLAS_NUM_THREADS=1 "$folder/venv/bin/python" -W ignore proofs/figures.py "$folder"
