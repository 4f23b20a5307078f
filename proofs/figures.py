"""Compares the figures of `jardin evaluate` with those of other evaluators; called by figures.sh, with the folder of its run."""
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytrec_eval
import ranx
import rectools.metrics as rectools
import recpack.metrics as recpack
from implicit.evaluation import ranking_metrics_at_k
from lenskit import topn
from scipy.sparse import csr_matrix

FOLDER = Path(sys.argv[1])
STRATEGY = "session-knn"


class Run:
    """What followed and what was answered, as `--export` wrote it."""

    def __init__(self, k):
        self.k = k
        folder = FOLDER / str(k)
        self.ours = json.loads((FOLDER / f"{k}.json").read_text())
        self.followed = pd.read_csv(folder / "followed.csv", dtype={"item": str})
        self.next = self.followed[self.followed["rank"] == 1]
        self.answers = pd.read_csv(folder / f"{STRATEGY}.csv", dtype={"item": str})
        self.train = pd.read_csv(FOLDER / "train.tsv", sep="\t", dtype={"ItemId": str})
        with open(folder / "followed.qrels") as followed, open(folder / "next.qrels") as following, open(folder / f"{STRATEGY}.run") as run:
            self.qrels, self.next_qrels, self.run = (
                pytrec_eval.parse_qrel(followed), pytrec_eval.parse_qrel(following), pytrec_eval.parse_run(run))

    def matrices(self, *tables):
        """Tables as sparse matrices, questions by items; a rank becomes a score that falls."""
        items = sorted(set(self.followed["item"]) | set(self.answers["item"]) | set(self.train["ItemId"]))
        place = {item: n for n, item in enumerate(items)}
        shape = (self.followed["user"].max(), len(items))
        return [csr_matrix((values, (table["user"] - 1, table["item"].map(place))), shape=shape) for table, values in tables]


def trec_eval(run):
    k, asked = run.k, len(run.qrels)
    measures = {f"ndcg_cut.{k}", f"P.{k}", f"recall.{k}", f"map_cut.{k}", f"success.{k}", "recip_rank"}
    def mean(qrels, name):
        results = pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(run.run)
        return sum(result[name] for result in results.values()) / asked
    return {
        "hr": mean(run.next_qrels, f"success_{k}"), "mrr": mean(run.next_qrels, "recip_rank"),
        "hr_any": mean(run.qrels, f"success_{k}"), "mrr_any": mean(run.qrels, "recip_rank"),
        "precision": mean(run.qrels, f"P_{k}"), "recall": mean(run.qrels, f"recall_{k}"),
        "ndcg": mean(run.qrels, f"ndcg_cut_{k}"), "map": mean(run.qrels, f"map_cut_{k}"),
    }


def from_ranx(run):
    k = run.k
    def measured(qrels, *names):
        return [float(ranx.evaluate(ranx.Qrels(qrels), ranx.Run(run.run), f"{name}@{k}", make_comparable=True)) for name in names]
    hr, mrr = measured(run.next_qrels, "hit_rate", "mrr")
    names = {"hr_any": "hit_rate", "mrr_any": "mrr", "precision": "precision", "recall": "recall", "ndcg": "ndcg", "map": "map"}
    return {"hr": hr, "mrr": mrr, **dict(zip(names, measured(run.qrels, *names.values())))}


def from_rectools(run):
    columns = {"user": "user_id", "item": "item_id"}
    answers, followed, following = (table.rename(columns=columns) for table in (run.answers, run.followed, run.next))
    learned = run.train.rename(columns={"SessionId": "user_id", "ItemId": "item_id"})[["user_id", "item_id"]]
    k = run.k
    of_next = rectools.calc_metrics({"hr": rectools.HitRate(k=k), "mrr": rectools.MRR(k=k)}, reco=answers, interactions=following)
    of_all = rectools.calc_metrics({
        "hr_any": rectools.HitRate(k=k), "mrr_any": rectools.MRR(k=k), "precision": rectools.Precision(k=k), "recall": rectools.Recall(k=k),
        "ndcg": rectools.NDCG(k=k, divide_by_achievable=True), "map": rectools.MAP(k=k), "novelty": rectools.MeanInvUserFreq(k=k),
        "coverage": rectools.CatalogCoverage(k=k, normalize=True),
    }, reco=answers, interactions=followed, prev_interactions=learned, catalog=learned["item_id"].unique())
    return {**of_next, **of_all}


def from_recpack(run):
    k, score = run.k, run.k + 1 - run.answers["rank"]
    right, following, answers = run.matrices((run.followed, np.ones(len(run.followed))), (run.next, np.ones(len(run.next))), (run.answers, score))
    def value(metric, truth):
        metric = metric(k)
        metric.calculate(truth, answers)
        return float(metric.value)
    # a hit at most: HitK counts every right item
    return {
        "hr": value(recpack.HitK, following), "mrr": value(recpack.ReciprocalRankK, following), "mrr_any": value(recpack.ReciprocalRankK, right),
        "precision": value(recpack.PrecisionK, right), "recall": value(recpack.RecallK, right),
        "capped_recall": value(recpack.CalibratedRecallK, right), "ndcg": value(recpack.NDCGK, right),
    }


def from_lenskit(run):
    k = run.k
    def measured(truth, **metrics):
        analysis = topn.RecListAnalysis(group_cols=["user"])
        for name, (metric, options) in metrics.items():
            analysis.add_metric(metric, name=name, k=k, **options)
        return analysis.compute(run.answers, truth[["user", "item"]], include_missing=True).fillna(0)[list(metrics)].mean().to_dict()
    gain = {"discount": lambda ranks: np.log2(ranks + 1)}
    return {
        **measured(run.next, hr=(topn.hit, {}), mrr=(topn.recip_rank, {})),
        **measured(run.followed, hr_any=(topn.hit, {}), mrr_any=(topn.recip_rank, {}), capped_recall=(topn.recall, {}), ndcg=(topn.ndcg, gain)),
    }


def from_implicit(run):
    answers, (right,) = run.answers, run.matrices((run.followed, np.ones(len(run.followed), dtype=np.float32)))
    place = {item: n for n, item in enumerate(sorted(set(run.followed["item"]) | set(answers["item"]) | set(run.train["ItemId"])))}
    class Answered:
        """Gives back what was answered; a short list is filled with an item that does not exist."""
        def recommend(self, users, _, N=10, **options):
            items = np.full((len(users), N), right.shape[1] + 1, dtype=np.int32)
            for row, user in enumerate(users):
                of_user = answers[answers["user"] == user + 1]["item"].map(place).to_numpy()[:N]
                items[row, :len(of_user)] = of_user
            return items, np.ones_like(items, dtype=np.float32)
    nothing = csr_matrix(right.shape, dtype=np.float32)
    seen = ranking_metrics_at_k(Answered(), nothing, right.astype(np.float32), K=run.k, show_progress=False)
    # its precision is over all questions together, so that it is none of our means
    return {"capped_map": seen["map"], "ndcg": seen["ndcg"]}


PEERS = {"trec_eval": trec_eval, "ranx": from_ranx, "RecTools": from_rectools, "RecPack": from_recpack, "lenskit": from_lenskit, "implicit": from_implicit}
tried = held = 0
for k in (5, 20):
    run = Run(k)
    for peer, figures in PEERS.items():
        for name, theirs in figures(run).items():
            ours = run.ours[name]
            equal = abs(ours - theirs) < 1e-6
            tried, held = tried + 1, held + equal
            print(f"{peer:9} k={k:<2} {name:13} {theirs:.6f} {'=' if equal else 'IS NOT'} {ours:.6f}")
print(f"{tried} tried, {held} held")
sys.exit(0 if tried == held else 1)
