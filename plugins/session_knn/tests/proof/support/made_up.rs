//! Made-up visits with a shop's shape: few items that many people take, related items near each other,
//! lengths from 1 to some dozens.

use super::Visit;

/// SplitMix64 (Steele, Lea, Flood, 2014).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// Small numbers often, large ones rarely.
    #[expect(clippy::disallowed_methods, reason = "any numbers of this shape serve")]
    pub fn skewed(&mut self, n: u64) -> u64 {
        let unit = self.next() as f64 / u64::MAX as f64;
        ((n as f64).powf(unit) - 1.0) as u64
    }
}

pub fn visits(seed: u64, count: usize, items: u64) -> Vec<Visit> {
    let mut numbers = Numbers(seed);
    let mut visit = |n: usize| {
        let mut at = numbers.skewed(items);
        let len = 1 + numbers.skewed(40);
        let mut seen = Vec::new();
        for _ in 0..len {
            at = if numbers.below(3) == 0 { numbers.skewed(items) } else { (at + numbers.below(12)) % items };
            if !seen.contains(&(at as u32)) {
                seen.push(at as u32);
            }
        }
        Visit { hour: 400_000 + n as u32 / 3, items: seen, person: None }
    };
    (0..count).map(&mut visit).collect()
}

/// Beginnings of further visits, with repeats and with items that nobody learned.
pub fn questions(seed: u64, count: usize, items: u64) -> Vec<Vec<u32>> {
    let mut numbers = Numbers(seed ^ 0x5eed);
    let mut questions = Vec::new();
    for visit in visits(seed + 1, count, items + items / 50 + 1) {
        let mut question = visit.items;
        let len = 1 + numbers.below(question.len() as u64) as usize;
        question.truncate(len);
        if numbers.below(3) == 0 {
            let again = question[numbers.below(question.len() as u64) as usize];
            question.push(again);
        }
        questions.push(question);
    }
    questions
}

/// The same visits, a fifth of them nobody's and the others those of so many people, of whom a few come often.
pub fn of_people(visits: Vec<Visit>, people: u64) -> Vec<Visit> {
    let mut numbers = Numbers(4_711);
    let mut whose = || (numbers.below(5) > 0).then(|| numbers.skewed(people) as u32);
    visits.into_iter().map(|visit| Visit { person: whose(), ..visit }).collect()
}

/// Every beginning of visits.
pub fn beginnings(visits: &[Visit]) -> Vec<Vec<u32>> {
    visits.iter().flat_map(|v| (1..v.items.len()).map(|n| v.items[..n].to_vec())).collect()
}

/// Clicks: visits that go on along links, look at the same item again, come back to an earlier one, stay in a
/// range of twenty or leave it for what is popular in these days.
pub fn clicks(seed: u64, count: usize, items: u64) -> Vec<Visit> {
    let mut numbers = Numbers(seed);
    (0..count)
        .map(|n| Visit {
            hour: 400_000 + n as u32 / 60,
            items: click_through(&mut numbers, n as u64 / 4_000, items),
            person: None,
        })
        .collect()
}

/// One visit in an era; what is popular moves on with the eras.
fn click_through(numbers: &mut Numbers, era: u64, items: u64) -> Vec<u32> {
    let popular = |numbers: &mut Numbers| {
        let rank = numbers.skewed(items);
        // a third of the ranks change hands from era to era
        let shift = if rank.is_multiple_of(3) { era * 7 } else { 0 };
        Numbers(rank + shift).next() % items
    };
    let mut visit = vec![popular(numbers)];
    while numbers.below(100) < 79 && visit.len() < 60 {
        let last = visit[visit.len() - 1];
        let next = match numbers.below(100) {
            0..12 => last,
            12..28 => {
                let back = 2 + numbers.skewed(visit.len() as u64) as usize;
                visit[visit.len() - back.min(visit.len())]
            }
            28..70 => Numbers(last * 64 + numbers.skewed(12)).next() % items,
            70..86 => last / 20 * 20 + numbers.skewed(20.min(items - last / 20 * 20)),
            _ => popular(numbers),
        };
        visit.push(next);
    }
    visit.into_iter().map(|item| item as u32).collect()
}
