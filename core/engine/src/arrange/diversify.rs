//! `diversify`: values of a field alternate.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap, VecDeque},
    sync::Arc,
};

use jardin_contract::PageRule;

use super::{
    fields::FieldKey,
    list::{Arrangement, ListRules, ScoredItem},
};

/// The best entry that is left of one value, with how many of that value were taken.
struct QueueHead {
    score: f64,
    taken: i32,
    strength: f64,
    /// Where it stood, so that equals keep their order.
    at: usize,
    key: FieldKey,
}

impl QueueHead {
    /// At full strength fewer taken wins whatever the score; below it each one taken costs a factor.
    fn worth(&self) -> (i32, f64) {
        if self.strength >= 1.0 {
            (-self.taken, self.score)
        } else {
            (0, self.score * (1.0 - self.strength).powi(self.taken))
        }
    }
}

impl PartialEq for QueueHead {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for QueueHead {}

impl PartialOrd for QueueHead {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for QueueHead {
    fn cmp(&self, other: &Self) -> Ordering {
        let ((mine, my_score), (theirs, their_score)) = (self.worth(), other.worth());
        mine.cmp(&theirs).then(my_score.total_cmp(&their_score)).then(other.at.cmp(&self.at))
    }
}

/// The entries that may be shown, their values in turn where a rule wants it: then the whole list is looked at.
pub(super) fn diversify_shown(scored: Arc<Vec<ScoredItem>>, rules: &Arrangement<'_>) -> Arc<Vec<ScoredItem>> {
    let is_wanted = |rule: &PageRule| matches!(rule, PageRule::Diversify { .. });
    if !rules.sides().any(|(side, _)| side.rules.iter().any(is_wanted)) {
        return scored;
    }
    let shown = scored.iter().copied().filter(|e| (rules.around.may_show)(e.item)).collect();
    Arc::new(rules.sides().fold(shown, |list, (side, _)| diversify(list, side)))
}

/// Takes, again and again, the entry of the highest score times (1 - strength) to the number of its value's
/// entries that were taken before. An entry without the field is a value of its own. Of a texts field the
/// first value counts.
pub(super) fn diversify(mut list: Vec<ScoredItem>, side: ListRules<'_>) -> Vec<ScoredItem> {
    for rule in side.rules {
        if let PageRule::Diversify { field, strength } = rule {
            list = alternate(list, field, strength.clamp(0.0, 1.0), side);
        }
    }
    list
}

fn alternate(list: Vec<ScoredItem>, field: &str, strength: f64, side: ListRules<'_>) -> Vec<ScoredItem> {
    let mut queues: BTreeMap<FieldKey, VecDeque<(usize, ScoredItem)>> = BTreeMap::new();
    let mut alone = VecDeque::new();
    for (at, entry) in list.into_iter().enumerate() {
        match side.fields.field_keys(entry.item, field).next() {
            Some(key) => queues.entry(key).or_default().push_back((at, entry)),
            None => alone.push_back((at, entry)),
        }
    }
    merge_queues(queues, alone, strength)
}

fn merge_queues(
    mut queues: BTreeMap<FieldKey, VecDeque<(usize, ScoredItem)>>,
    mut alone: VecDeque<(usize, ScoredItem)>,
    strength: f64,
) -> Vec<ScoredItem> {
    let head = |key, queue: &VecDeque<(usize, ScoredItem)>, taken| {
        let (at, entry) = queue.front()?;
        Some(QueueHead { score: entry.score, taken, strength, at: *at, key })
    };
    let mut heads: BinaryHeap<QueueHead> =
        queues.iter().filter_map(|(key, queue)| head(*key, queue, 0)).collect();
    let mut out = Vec::new();
    loop {
        // an entry without the field was never preceded by one of its value
        let lone = alone.front().map(|(at, entry)| QueueHead {
            score: entry.score,
            taken: 0,
            strength,
            at: *at,
            key: FieldKey::Flag(false),
        });
        match (lone, heads.peek()) {
            (None, None) => return out,
            (Some(lone), best) if best.is_none_or(|b| lone > *b) => {
                out.extend(alone.pop_front().map(|(_, e)| e))
            }
            _ => {
                let Some(QueueHead { key, taken, .. }) = heads.pop() else {
                    return out;
                };
                if let Some(queue) = queues.get_mut(&key) {
                    out.extend(queue.pop_front().map(|(_, e)| e));
                    heads.extend(head(key, queue, taken.saturating_add(1)));
                }
            }
        }
    }
}
