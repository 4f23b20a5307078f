//! The formula as the papers write it: maps, full sorts, 64-bit fractions, no tables.
//!
//! VMIS-kNN: Kersbergen, Sprangers, Schelter, "Serenade", SIGMOD 2022, algorithm 1 and 2. STAN: Garg and
//! others, SIGIR 2019, equations 1 to 6. Sequential rules: Kamehkhosh, Jannach, Ludewig, 2017.

use std::collections::BTreeMap;

use session_knn::{Age, Current, Distance, Params, Position};

use super::Visit;

/// Equal on paper is equal here.
fn rounded(x: f64) -> f32 {
    x as f32
}

/// How many visits hold each item.
pub fn counts(visits: &[Visit]) -> BTreeMap<u32, usize> {
    let mut counts = BTreeMap::new();
    visits.iter().flat_map(|v| &v.items).for_each(|item| *counts.entry(*item).or_default() += 1);
    counts
}

/// The best items of a question, best first, ties to the lower item.
pub fn answer(
    visits: &[Visit],
    counts: &BTreeMap<u32, usize>,
    question: &[u32],
    most: usize,
    p: &Params,
) -> Vec<u32> {
    let question = &question[question.len().saturating_sub(p.last_items)..];
    let mut different: Vec<u32> = Vec::new();
    let mut weights: BTreeMap<u32, (f64, usize)> = BTreeMap::new();
    for (back, item) in question.iter().rev().enumerate() {
        if different.contains(item) {
            continue;
        }
        different.push(*item);
        weights.insert(*item, (0.0, back));
    }
    for (weight, back) in weights.values_mut() {
        *weight = match p.position {
            Position::Linear => (question.len() - *back) as f64 / different.len() as f64,
            Position::Exponential { scale } => (-(*back as f64) / scale).exp(),
        };
    }
    weights.retain(|item, _| counts.contains_key(item));

    // the newest m sessions that share an item
    let mut candidates: Vec<usize> =
        (0..visits.len()).filter(|n| visits[*n].items.iter().any(|i| weights.contains_key(i))).collect();
    candidates.reverse();
    candidates.truncate(p.newest);
    let now = candidates.first().map_or(0, |n| visits[*n].hour);
    let age = |n: usize| match p.age {
        Age::Alike => 1.0,
        Age::Exponential { scale } => (-f64::from(now - visits[n].hour) / (24.0 * scale)).exp(),
    };

    // of those the k most alike
    let similarity = |n: usize| {
        let items = &visits[n].items;
        let shared: f64 = items.iter().filter_map(|i| weights.get(i)).map(|(weight, _)| weight).sum();
        shared / (items.len() as f64).powf(p.length_exponent) * age(n)
    };
    let mut neighbours: Vec<(usize, f64)> = candidates.iter().map(|n| (*n, similarity(*n))).collect();
    neighbours.sort_by(|a, b| rounded(b.1).total_cmp(&rounded(a.1)).then(b.0.cmp(&a.0)));
    neighbours.truncate(p.neighbours);

    let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
    for (n, similarity) in neighbours {
        let items = &visits[n].items;
        let shared = items.iter().enumerate().filter(|(_, i)| weights.contains_key(i));
        let (place, item) = shared.min_by_key(|(_, i)| weights[i].1).unwrap();
        let back = weights[item].1;
        let matched = if p.match_decay { (1.0 - 0.1 * (back + 1) as f64).max(0.0) } else { 1.0 };
        for (at, held) in items.iter().enumerate() {
            let away = at.abs_diff(place);
            let distance = match p.distance {
                Distance::Alike => 1.0,
                Distance::Exponential { reach, .. } if away > reach => 0.0,
                Distance::Exponential { scale, before, .. } => {
                    (-(away as f64) / scale).exp() * if at < place { before } else { 1.0 }
                }
            };
            let in_reach = !matches!(p.distance, Distance::Exponential { reach, .. } if away > reach);
            let rule = if p.rules > 0.0 && back == 0 && at > place && in_reach {
                p.rules * age(n) / away as f64
            } else {
                0.0
            };
            *scores.entry(*held).or_default() += similarity * matched * distance + rule;
        }
    }
    let mut ranked: Vec<(u32, f32)> = scores
        .into_iter()
        .map(|(item, sum)| {
            let (all, with) = (visits.len() as f64, counts[&item] as f64);
            let rarity = if with == all { ((all + 1.0) / all).ln() } else { (all / with).ln() };
            (item, rounded(sum * rarity.powf(p.rarity)))
        })
        .filter(|(item, score)| {
            *score > 0.0 && (p.current == Current::Allow || Some(item) != question.last())
        })
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.truncate(most);
    ranked.into_iter().map(|(item, _)| item).collect()
}
