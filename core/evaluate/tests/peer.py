"""Judges answers by trec_eval, through pytrec_eval: reads JSON lines of {"followed", "answer"}, prints the means as JSON."""
import json
import sys

import pytrec_eval

k = int(sys.argv[1])
qrels, runs, first = {}, {}, {}
for n, line in enumerate(sys.stdin):
    row = json.loads(line)
    answer = {item: float(len(row["answer"]) - place) for place, item in enumerate(row["answer"][:k])}
    qrels[str(n)] = {item: 1 for item in row["followed"]}
    first[str(n)] = {row["followed"][0]: 1}
    runs[str(n)] = answer
measures = {f"ndcg_cut.{k}", f"P.{k}", f"recall.{k}", f"map_cut.{k}", f"success.{k}", "recip_rank"}
all_that_followed = pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(runs)
the_next = pytrec_eval.RelevanceEvaluator(first, {f"success.{k}", "recip_rank"}).evaluate(runs)


def mean(results, name):
    # a question without any answer is not in the results and counts 0
    return sum(r[name] for r in results.values()) / len(qrels)


print(json.dumps({
    "hr": mean(the_next, f"success_{k}"),
    "mrr": mean(the_next, "recip_rank"),
    "hr_any": mean(all_that_followed, f"success_{k}"),
    "mrr_any": mean(all_that_followed, "recip_rank"),
    "map": mean(all_that_followed, f"map_cut_{k}"),
    "ndcg": mean(all_that_followed, f"ndcg_cut_{k}"),
    "precision": mean(all_that_followed, f"P_{k}"),
    "recall": mean(all_that_followed, f"recall_{k}"),
}))
