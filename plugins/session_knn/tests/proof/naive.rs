//! The same answers from maps, full sorts and the system's own logarithms: no index, no cursor, no table.
//!
//! Neighbours: STAN, Garg and others, SIGIR 2019, equations 1 to 6, among the newest visits as in VMIS-kNN,
//! Kersbergen, Sprangers, Schelter, SIGMOD 2022, algorithms 1 and 2. The rest is docs/plugins/session_knn.md.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use jardin_sdk::PeopleRule;
use session_knn::{Current, FEATURE_NAMES, FEATURES, Params};

use crate::support::Visit;

/// Equal on paper is equal here.
fn rounded(x: f64) -> f32 {
    x as f32
}

/// What was learned, oldest first.
pub struct Shop {
    visits: Vec<Visit>,
    /// The visits with each item that count, oldest first: of one person the newest ones.
    holding: BTreeMap<u32, Vec<usize>>,
    rule: PeopleRule,
    now: u32,
}

/// Sums by item.
type Sums = BTreeMap<u32, f64>;

/// The share of the highest sum.
fn share(sums: &Sums) -> impl Fn(u32) -> f64 + '_ {
    let most = sums.values().copied().fold(0.0, f64::max);
    move |item| if most > 0.0 { sums.get(&item).copied().unwrap_or(0.0) / most } else { 0.0 }
}

impl Shop {
    pub fn new(visits: &[Visit], rule: PeopleRule) -> Self {
        let mut holding: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let mut times: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for (n, visit) in visits.iter().enumerate().rev() {
            for item in visit.items.iter().collect::<BTreeSet<_>>() {
                let times = visit.person.map_or(0, |person| {
                    let times = times.entry((*item, person)).or_default();
                    *times += 1;
                    *times - 1
                });
                if times < rule.a_person_counts {
                    holding.entry(*item).or_default().push(n);
                }
            }
        }
        holding.values_mut().for_each(|all| all.reverse());
        let now = visits.iter().map(|visit| visit.hour).max().unwrap_or(0);
        Self { visits: visits.to_vec(), holding, rule, now }
    }

    /// Of how many people there are visits with an item; whoever is not known is somebody else each time.
    pub fn people(&self, item: u32) -> usize {
        let visits = self.holding.get(&item).into_iter().flatten();
        let whose = |n: &usize| self.visits[*n].person.ok_or(*n);
        visits.map(whose).collect::<BTreeSet<_>>().len()
    }

    fn counts_with(&self, visit: usize, item: u32) -> bool {
        self.holding.get(&item).is_some_and(|all| all.binary_search(&visit).is_ok())
    }

    /// How many visits with an item count.
    pub fn count(&self, item: u32) -> usize {
        self.holding.get(&item).map_or(0, Vec::len)
    }

    fn newest_with(&self, item: u32, most: usize) -> Vec<usize> {
        self.holding.get(&item).map_or(Vec::new(), |all| all.iter().rev().take(most).copied().collect())
    }

    /// What is left of a visit's weight at its age.
    fn age(&self, visit: usize, p: &Params) -> f64 {
        let days = f64::from(self.now - self.visits[visit].hour) / 24.0;
        if p.age_days >= 1_000_000.0 { 1.0 } else { (-days / p.age_days).exp() }
    }

    /// The 16 strongest companions of an item, each with its share of all.
    fn companions(&self, item: u32) -> Vec<(u32, f64)> {
        let mut weights: BTreeMap<u32, u32> = BTreeMap::new();
        for visit in self.newest_with(item, 300) {
            let items = &self.visits[visit].items;
            for here in (0..items.len()).filter(|n| items[*n] == item) {
                for there in (0..items.len()).filter(|n| *n != here && items[*n] != item) {
                    let far = here.abs_diff(there);
                    if far <= 5 {
                        let weight = if there > here { 60 } else { 42 };
                        *weights.entry(items[there]).or_default() += weight / far as u32;
                    }
                }
            }
        }
        let total = f64::from(weights.values().sum::<u32>());
        let mut ranked: Vec<(u32, u32)> = weights.into_iter().collect();
        ranked.sort_by_key(|(item, weight)| (Reverse(*weight), *item));
        ranked.truncate(16);
        ranked.into_iter().map(|(item, weight)| (item, f64::from(weight.min(65_535)) / total)).collect()
    }

    /// The neighbours of a question, newest first, with their similarity and the places before the newest of
    /// the question at which shared items stand.
    fn neighbours(&self, question: &[u32], p: &Params) -> Vec<(usize, f64, Vec<usize>)> {
        let shared = |visit: usize| -> Vec<usize> {
            let back = |back: usize| question[question.len() - 1 - back];
            (0..question.len().min(p.last_items))
                .filter(|n| !(0..*n).any(|newer| back(newer) == back(*n)))
                .filter(|n| self.counts_with(visit, back(*n)))
                .collect()
        };
        let mut all: Vec<(usize, f64, Vec<usize>)> = (0..self.visits.len())
            .rev()
            .map(|visit| (visit, 0.0, shared(visit)))
            .filter(|(.., shared)| !shared.is_empty())
            .take(p.newest)
            .collect();
        for (visit, similarity, shared) in &mut all {
            let positions: f64 = shared.iter().map(|back| (-(*back as f64) / p.position_places).exp()).sum();
            let length = (self.visits[*visit].items.len() as f64).powf(-p.length_exponent);
            *similarity = positions * length * self.age(*visit, p);
        }
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|a, b| rounded(all[*b].1).total_cmp(&rounded(all[*a].1)).then(a.cmp(b)));
        order.truncate(p.neighbours);
        order.sort_unstable();
        order.into_iter().map(|n| all[n].clone()).collect()
    }

    /// Every candidate with its features.
    pub fn features(&self, asked: &[u32], p: &Params) -> BTreeMap<u32, [f32; FEATURES]> {
        let question = &asked[asked.len().saturating_sub(40)..];
        let Some(last) = question.last().copied() else { return BTreeMap::new() };
        let previous = question.len().checked_sub(2).map(|n| question[n]);

        let (mut near, mut shared, mut nearest, mut after_previous) =
            (Sums::new(), Sums::new(), Sums::new(), Sums::new());
        for (visit, similarity, backs) in self.neighbours(question, p) {
            let items = &self.visits[visit].items;
            let meeting = question[question.len() - 1 - backs[0]];
            let first = items.iter().position(|item| *item == meeting).unwrap();
            for (n, item) in items.iter().enumerate().filter(|(n, _)| n.abs_diff(first) <= p.distance_reach) {
                let from = (first..n).rev().find(|m| items[*m] == meeting).unwrap_or(first);
                let before = if n < first { p.distance_before } else { 1.0 };
                let weight = before * (-(n.abs_diff(from) as f64) / p.distance_places).exp();
                *near.entry(*item).or_default() += similarity * weight;
                *shared.entry(*item).or_default() += backs.len() as f64;
                let alike = f64::from(rounded(similarity));
                nearest.entry(*item).and_modify(|most| *most = alike.max(*most)).or_insert(alike);
            }
            // the item before the newest must be the second of the different known ones
            let known: Vec<usize> = (0..question.len().min(p.last_items))
                .filter(|back| self.count(question[question.len() - 1 - back]) > 0)
                .filter(|back| {
                    let item = question[question.len() - 1 - back];
                    !question[question.len() - back..].contains(&item)
                })
                .collect();
            if known.get(1) == Some(&1) && backs.contains(&1) {
                let place = items.iter().position(|item| Some(*item) == previous).unwrap();
                for far in 1..=5 {
                    if let Some(item) = items.get(place + far) {
                        *after_previous.entry(*item).or_default() += 1.0 / far as f64;
                    }
                }
            }
        }

        let (mut next, mut pair, mut after, mut before, mut freshness) =
            (Sums::new(), Sums::new(), Sums::new(), Sums::new(), Sums::new());
        for visit in self.newest_with(last, p.steps) {
            let items = &self.visits[visit].items;
            let first = items.iter().position(|item| *item == last).unwrap();
            for (far, item) in (1..=6).zip(items[..first].iter().rev()) {
                *before.entry(*item).or_default() += 1.0 / f64::from(far);
            }
            for n in first + 1..items.len().min(first + 7) {
                let from = (first..n).rev().find(|m| items[*m] == last).unwrap();
                *after.entry(items[n]).or_default() += 1.0 / (n - from) as f64;
                if n == from + 1 {
                    *next.entry(items[n]).or_default() += 1.0;
                    let fresh = f64::from(rounded(self.age(visit, p)));
                    freshness.entry(items[n]).and_modify(|most| *most = fresh.max(*most)).or_insert(fresh);
                    if from > 0 && Some(items[from - 1]) == previous {
                        *pair.entry(items[n]).or_default() += 1.0;
                    }
                }
            }
        }

        let (mut hops, mut hops_of_last) = (Sums::new(), Sums::new());
        let mut different: Vec<u32> = Vec::new();
        for (back, item) in question.iter().rev().enumerate().take(p.last_items) {
            if different.contains(item) || self.count(*item) == 0 || different.len() == 3 {
                continue;
            }
            different.push(*item);
            for (companion, one) in self.companions(*item) {
                for (other, two) in self.companions(companion) {
                    *hops.entry(other).or_default() += one * two / (1.0 + back as f64);
                    *hops_of_last.entry(other).or_default() += if back == 0 { one * two } else { 0.0 };
                }
            }
        }

        // what no weight makes use of is not counted, and speaks for nothing
        let is_used = |words: &[&str]| {
            let names = FEATURE_NAMES.iter().zip(p.weights.0).filter(|(_, weight)| *weight != 0.0);
            names.map(|(name, _)| name).any(|name| words.iter().any(|word| name.contains(word)))
        };
        if !is_used(&["next", "before_last", "after_last", "freshness", "by_known"]) {
            [&mut next, &mut pair, &mut after, &mut before, &mut freshness].into_iter().for_each(Sums::clear);
        }
        if !is_used(&["hops"]) {
            [&mut hops, &mut hops_of_last].into_iter().for_each(Sums::clear);
        }
        if !is_used(&["after_previous"]) {
            after_previous.clear();
        }

        let back_of = |item: u32| question.iter().rev().position(|held| *held == item).map(|back| back + 1);
        let mut all: BTreeSet<u32> = question.iter().copied().filter(|item| self.count(*item) > 0).collect();
        for sums in [&near, &after_previous, &after, &before, &hops] {
            all.extend(sums.keys());
        }
        all.retain(|item| {
            self.people(*item) >= self.rule.at_least && (p.current == Current::Allow || *item != last)
        });
        let [near, hops, hops_of_last, after_share] = [&near, &hops, &hops_of_last, &after].map(share);
        let [shared, nearest, after_previous, before] =
            [&shared, &nearest, &after_previous, &before].map(share);
        let promise = |item: u32| {
            let own = if back_of(item).is_some() { 100.0 } else { 0.0 };
            let hops = 0.5 * (hops_of_last(item) + hops(item));
            rounded(near(item) + after_share(item) + hops + own)
        };
        let mut chosen: Vec<(f32, u32)> = all.into_iter().map(|item| (promise(item), item)).collect();
        chosen.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        chosen.truncate(70);

        let whole = |sums: &Sums| sums.values().sum::<f64>();
        let [all_next, all_pairs, all_after] = [&next, &pair, &after].map(whole);
        let n = (asked.len() as f64).ln();
        let seen_twice = question.windows(2).any(|pair| pair[0] == pair[1]);
        let came_back = (2..question.len())
            .any(|n| question[n] != question[n - 1] && question[..n].contains(&question[n]));
        let variety = question.iter().collect::<BTreeSet<_>>().len() as f64 / question.len() as f64;
        let known = (1.0 + all_next).ln();
        let trend = |item: u32, days: f64| {
            let hours = (days * 24.0).floor().max(1.0);
            let recent = self.visits.iter().filter(|v| f64::from(self.now - v.hour) < hours).count();
            let with = self.holding[&item].iter().filter(|n| **n >= self.visits.len() - recent).count();
            let expected = recent as f64 / self.visits.len() as f64 * self.count(item) as f64;
            ((with as f64 + 1.0) / (expected + 1.0)).ln()
        };
        let described = chosen.into_iter().map(|(_, item)| {
            let of = |sums: &Sums| sums.get(&item).copied().unwrap_or(0.0);
            let log = |share: f64, more: f64| (share + more).ln();
            let near = log(near(item), 0.001);
            let hop = log(hops_of_last(item), 0.001);
            let followed = log(of(&next) / (all_next + 1.0), 0.001);
            let popularity = (self.count(item) as f64).ln();
            let is_last = if item == last { 1.0 } else { 0.0 };
            let back = back_of(item);
            let seen = if back.is_some() && item != last { 1.0 } else { 0.0 };
            let yes = |condition: bool| if condition { 1.0 } else { 0.0 };
            let times = question.iter().filter(|held| **held == item).count().max(1) as f64;
            let again = question.windows(2).filter(|pair| pair == &[last, item]).count() as f64;
            let value = |name: &str| match name {
                "near" => near,
                "hops_of_last" => hop,
                "hops" => log(hops(item), 0.001),
                "shared" => log(shared(item), 0.01),
                "after_previous" => log(after_previous(item), 0.01),
                "before_last" => log(before(item), 0.01),
                "nearest" => nearest(item),
                "next" => followed,
                "next_of_pair" => log(of(&pair) / (all_pairs + 1.0), 0.01),
                "after_last" => log(of(&after) / (all_after + 1.0), 0.001),
                "popularity" => popularity,
                "trend" => trend(item, p.trend_days[0]),
                "short_trend" => trend(item, p.trend_days[1]),
                "last" => is_last,
                "last_if_reloaded" => is_last * yes(seen_twice),
                "last_by_length" => is_last * n,
                "last_by_near" => is_last * near,
                "seen" => seen,
                "seen_by_back" => seen * (back.unwrap_or(1) as f64).ln(),
                "seen_by_length" => seen * n,
                "seen_if_returned" => seen * yes(came_back),
                "seen_by_near" => seen * near,
                "times_seen" => times.ln(),
                "popularity_by_length" => popularity * n,
                "hops_of_last_by_length" => hop * n,
                "next_by_known" => followed * known,
                "hops_of_last_by_known" => hop * known,
                "freshness" => of(&freshness),
                "seen_by_variety" => seen * variety.ln(),
                "step_again" => seen * (1.0 + again).ln(),
                // nothing is said of these items
                "same_category" | "price_distance" | "same_brand" | "same_group" => 0.0,
                other => unreachable!("{other} is not described"),
            };
            (item, FEATURE_NAMES.map(|name| rounded(value(name))))
        });
        described.collect()
    }

    /// The best items of a question, best first, ties to the lower item.
    pub fn answer(&self, question: &[u32], most: usize, p: &Params) -> Vec<u32> {
        let score = |features: &[f32; FEATURES]| {
            rounded(features.iter().zip(p.weights.0).map(|(x, weight)| f64::from(*x) * weight).sum())
        };
        let features = self.features(question, p);
        let mut ranked: Vec<(u32, f32)> =
            features.iter().map(|(item, features)| (*item, score(features))).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.into_iter().take(most).map(|(item, _)| item).collect()
    }
}
