//! Figures on a real shop's data.

use session_knn::{Current, Examples, Params, Plan, Scratch};

use crate::support::{Visit, retail, trained};

/// HR@20 and MRR@20 over questions whose list is given.
fn figures(lists: impl Iterator<Item = (Vec<u32>, u32)>) -> (f64, f64) {
    let (mut n, mut hits, mut reciprocal) = (0.0, 0.0, 0.0);
    for (list, next) in lists {
        n += 1.0;
        if let Some(place) = list.iter().position(|item| *item == next) {
            hits += 1.0;
            reciprocal += 1.0 / (place + 1) as f64;
        }
    }
    (hits / n, reciprocal / n)
}

fn measured(train: &[Visit], questions: &[(Vec<u32>, Vec<u32>)], params: Params) -> (f64, f64) {
    let (mut index, plan, mut scratch) = (trained(train), Plan::new(params), Scratch::default());
    figures(questions.iter().map(|(question, next)| {
        let found = index.query(question, None, 20, &plan, &mut scratch);
        (found.iter().map(|s| s.item).collect(), next[0])
    }))
}

#[test]
fn the_split_is_the_published_one() {
    let Some(split) = retail::split() else { return };
    let events: usize = split.train.iter().map(|v| v.items.len()).sum();
    let items = split.train.iter().flat_map(|v| &v.items).max().unwrap() + 1;
    assert_eq!((split.train.len(), events, items, split.questions.len()), (17_093, 476_539, 3_781, 15_070));
}

#[test]
fn popularity_is_the_baseline_that_is_published() {
    let Some(split) = retail::split() else { return };
    let mut counts = vec![0_u32; 3_781];
    split.train.iter().flat_map(|v| &v.items).for_each(|item| counts[*item as usize] += 1);
    let mut order: Vec<u32> = (0..3_781).collect();
    order.sort_by_key(|item| std::cmp::Reverse(counts[*item as usize]));
    let lists = split.questions.iter().map(|(question, next)| {
        let others = order.iter().filter(|item| Some(*item) != question.last());
        (others.take(20).copied().collect(), next[0])
    });
    let (hr, mrr) = figures(lists);
    assert!((hr - 0.043).abs() < 0.001 && (mrr - 0.010).abs() < 0.001, "hr {hr:.4} mrr {mrr:.4}");
}

/// The last 8 % of the training fit the weights; the test is asked once, as `jardin evaluate --tune` does.
#[test]
fn fitted_weights_reach_more_than_the_best_published_peers() {
    let Some(split) = retail::split() else { return };
    let later = split.train.len() - split.train.len() * 8 / 100;
    let usual = Params { current: Current::Exclude, age_days: 180.0, ..Params::default() };
    let (mut index, plan, mut scratch) =
        (trained(&split.train[..later]), Plan::new(usual), Scratch::default());
    let mut examples = Examples::default();
    for (n, visit) in split.train[later..].iter().enumerate().step_by(3) {
        examples.add(&mut index, &visit.items, 19, n % 2 == 0, &plan, &mut scratch);
    }
    let weights = examples.fit(20).weights;
    let questions: Vec<_> = split.questions.iter().step_by(3).cloned().collect();
    let (hr, mrr) = measured(&split.train, &questions, Params { weights, ..usual });
    println!("HR@20 {hr:.4} MRR@20 {mrr:.4}");
    assert!(hr >= 0.395 && mrr >= 0.195, "hr {hr:.4} mrr {mrr:.4}");
}
