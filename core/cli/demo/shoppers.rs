//! The demo's shoppers: made up by a fixed sequence of pseudo-random numbers, so that every demo is the same. Their behaviour has structure:
//! a persona has kinds of things that it looks at, and kits that it buys together.

use jardin_model::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};
use jardin_strategy::Seed;
use serde_json::{Value, json};

/// How many shoppers there are beside the named ones.
const SHOPPERS: u64 = 3000;
/// From how many days ago they are remembered.
const DAYS: u64 = 120;

/// What a kind of shopper is after: kits of categories that are bought together, the first of each being the reason to come.
const PERSONAS: &[&[&[&str]]] = &[
    // campers
    &[
        &["tents", "sleeping-bags", "mats", "lamps"],
        &["stoves", "gas", "cookware"],
        &["sleeping-bags", "mats"],
    ],
    // hikers
    &[
        &["boots", "socks", "care"],
        &["packs", "bottles", "maps", "water-filters"],
        &["poles", "socks", "food"],
    ],
    // trail runners
    &[&["trail-shoes", "socks", "food"], &["bottles", "food", "lamps"], &["socks", "food"]],
    // climbers
    &[
        &["harnesses", "ropes", "carabiners", "helmets"],
        &["climbing-shoes", "chalk"],
        &["carabiners", "chalk"],
    ],
    // ski tourers
    &[
        &["skis", "ski-boots", "goggles", "poles"],
        &["ski-boots", "gloves", "hats"],
        &["base-layers", "gloves"],
    ],
];

/// One thing that a shopper did.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Did {
    pub(super) at: Timestamp,
    kind: &'static str,
    session: String,
    items: Vec<String>,
}

impl Did {
    /// As `POST /v1/events` takes it.
    pub(super) fn json(&self, subject: &str) -> Value {
        let items: Vec<Value> = self.items.iter().map(|id| json!({"item_id": id, "quantity": 1})).collect();
        json!({"type": self.kind, "occurred_at": self.at.to_string(), "subject_id": subject, "session_id": self.session, "items": items})
    }
}

/// One shopper.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shopper {
    pub(super) id: String,
    pub(super) birth_date: String,
    pub(super) postcode: String,
    /// The questions that were answered with yes, and how many days ago.
    pub(super) consents: Vec<(&'static str, i64)>,
    pub(super) objects: bool,
    pub(super) events: Vec<Did>,
}

/// Everybody, the named ones first.
pub(super) fn shoppers(items: &[Value], now: Timestamp) -> Vec<Shopper> {
    let shelves = Shelves::of(items);
    let both = vec![("personalisation", 150), ("improvement", 150)];
    let named = |id: &str, persona: usize, consents: Vec<(&'static str, i64)>, objects: bool| {
        let mut seed = Seed::of(&[b"named", id.as_bytes()]);
        let events = visits(id, persona, &shelves, &mut seed, now, 6);
        Shopper {
            id: id.to_owned(),
            birth_date: "1988-04-12".to_owned(),
            postcode: "05000".to_owned(),
            consents,
            objects,
            events,
        }
    };
    let mut all = vec![
        named("camille", 0, both.clone(), false),
        named("noor", 1, Vec::new(), false),
        named("sacha", 2, both, true),
    ];
    all.extend((0..SHOPPERS).map(|n| anybody(n, &shelves, now)));
    all
}

fn anybody(n: u64, shelves: &Shelves, now: Timestamp) -> Shopper {
    let mut seed = Seed::of(&[b"shopper", &n.to_le_bytes()]);
    let persona = below(&mut seed, PERSONAS.len() as u64);
    let mut consents = Vec::new();
    // two in three agree to a list of their own, a little more than half to learning; one in twenty long ago
    let days_ago = if below(&mut seed, 20) == 0 { 200 } else { 130 };
    if below(&mut seed, 3) > 0 {
        consents.push(("personalisation", days_ago));
    }
    if below(&mut seed, 9) > 3 {
        consents.push(("improvement", days_ago));
    }
    let objects = below(&mut seed, 40) == 0;
    let year = 1945 + below(&mut seed, 68);
    let birth_date = format!("{year}-{:02}-{:02}", 1 + below(&mut seed, 12), 1 + below(&mut seed, 28));
    let postcode = format!("{:02}{:03}", 1 + below(&mut seed, 95), below(&mut seed, 990));
    let id = format!("shopper-{n}");
    let count = 1 + below(&mut seed, 3);
    let events = visits(&id, persona, shelves, &mut seed, now, count);
    Shopper {
        id,
        birth_date,
        postcode,
        consents,
        objects,
        events,
    }
}

/// Visits: a kit of the persona is looked at, and as a rule bought.
fn visits(id: &str, persona: usize, shelves: &Shelves, seed: &mut Seed, now: Timestamp, count: usize) -> Vec<Did> {
    let kits = PERSONAS.get(persona).copied().unwrap_or_default();
    let mut events = Vec::new();
    for visit in 0..count {
        let Some(kit) = kits.get(below(seed, kits.len() as u64)) else {
            continue;
        };
        let days_ago = 1 + u64::try_from(below(seed, DAYS - 1)).unwrap_or(1);
        let back = i64::try_from(days_ago).unwrap_or(1) * DAY_MS - i64::try_from(below(seed, 12)).unwrap_or(0) * HOUR_MS;
        let mut at = now.plus_ms(-back);
        let session = format!("{id}-visit-{visit}");
        let mut event = |kind, items: Vec<String>| {
            at = at.plus_ms(MINUTE_MS);
            events.push(Did {
                at,
                kind,
                session: session.clone(),
                items,
            });
        };
        let mut basket = Vec::new();
        for (place, category) in kit.iter().enumerate() {
            let Some(item) = shelves.choose(category, seed) else { continue };
            event("view_item", vec![item.clone()]);
            if place == 0
                && let Some(rival) = shelves.choose(category, seed)
            {
                event("view_item", vec![rival]);
            }
            // the reason to come is bought more often than what goes with it
            if below(seed, 10) < if place == 0 { 9 } else { 7 } {
                basket.push(item);
            }
        }
        if !basket.is_empty() && below(seed, 10) < 7 {
            event("purchase", basket);
        }
    }
    events
}

fn below(seed: &mut Seed, n: u64) -> usize {
    usize::try_from(seed.next() % n.max(1)).unwrap_or(0)
}

fn text<'a>(item: &'a Value, place: &str) -> Option<&'a str> {
    item.pointer(place)?.as_str()
}

/// The items of each category, in the order of the file.
struct Shelves(std::collections::BTreeMap<String, Vec<String>>);

impl Shelves {
    fn of(items: &[Value]) -> Self {
        let mut shelves = std::collections::BTreeMap::<String, Vec<String>>::new();
        for item in items {
            if let (Some(id), Some(category)) = (text(item, "/item_id"), text(item, "/fields/category")) {
                shelves.entry(category.to_owned()).or_default().push(id.to_owned());
            }
        }
        Self(shelves)
    }

    /// Some are liked better: of two tries the earlier in the file is taken.
    fn choose(&self, category: &str, seed: &mut Seed) -> Option<String> {
        let shelf = self.0.get(category)?;
        let count = shelf.len() as u64;
        shelf.get(below(seed, count).min(below(seed, count))).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::shop;

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-20T10:00:00Z").unwrap()
    }

    #[test]
    fn the_same_moment_gives_the_same_shoppers() {
        let items = shop::items().unwrap();
        assert_eq!(shoppers(&items, now()), shoppers(&items, now()));
    }

    #[test]
    fn every_kit_is_of_things_that_the_shop_sells() {
        let shelves = Shelves::of(&shop::items().unwrap());
        for category in PERSONAS.iter().flat_map(|p| p.iter()).flat_map(|kit| kit.iter()) {
            assert!(shelves.0.contains_key(*category), "nothing of `{category}` is sold");
        }
    }

    #[test]
    fn some_agree_some_do_not_and_some_are_young() {
        let all = shoppers(&shop::items().unwrap(), now());
        let share = |count: usize| count * 100 / all.len();
        let agreed = share(
            all.iter()
                .filter(|s| s.consents.iter().any(|(c, _)| *c == "personalisation"))
                .count(),
        );
        assert!((55..75).contains(&agreed), "{agreed} %");
        assert!(all.iter().any(|s| s.objects) && all.iter().any(|s| s.consents.iter().any(|(_, days)| *days > 180)));
        assert!(all.iter().any(|s| s.birth_date.as_str() > "2008-11-20"));
    }
}
