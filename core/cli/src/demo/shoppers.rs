//! The demo's shoppers: made up by a fixed sequence of pseudo-random numbers, so that every demo is the same.
//! Their behaviour has structure: a persona has kinds of things that it looks at, and kits that it buys
//! together.

use jardin_contract::Seed;
use jardin_model::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};
use serde_json::{Value, json};

use super::shelves::{Shelves, below};

/// How many shoppers there are beside the named ones.
const SHOPPERS: u64 = 5000;
/// From how many days ago they are remembered.
const DAYS: u64 = 120;

/// What a kind of shopper is after: kits of categories that are bought together, the first of each being the
/// reason to come.
const PERSONAS: &[&[&[&str]]] = &[
    // campers
    &[
        &["tents", "sleeping-bags", "mats", "lamps", "cookware"],
        &["stoves", "gas", "cookware", "food"],
        &["sleeping-bags", "mats", "lamps"],
        &["water-filters", "bottles", "stoves"],
    ],
    // hikers
    &[
        &["boots", "socks", "care", "poles"],
        &["packs", "bottles", "maps", "poles", "lamps"],
        &["jackets", "base-layers", "hats", "care"],
        &["maps", "bottles", "food"],
    ],
    // trail runners
    &[
        &["trail-shoes", "socks", "food", "bottles"],
        &["packs", "bottles", "food", "lamps"],
        &["jackets", "hats", "socks", "food"],
    ],
    // climbers
    &[
        &["harnesses", "ropes", "carabiners", "helmets"],
        &["climbing-shoes", "chalk", "harnesses"],
        &["carabiners", "ropes", "helmets"],
    ],
    // ski tourers
    &[
        &["skis", "ski-boots", "goggles", "poles", "gloves"],
        &["ski-boots", "socks", "gloves", "goggles"],
        &["base-layers", "gloves", "hats", "socks"],
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
    let named = |id: &str, born: &str, persona: usize, consents: Vec<(&'static str, i64)>, objects: bool| {
        let mut seed = Seed::of(&[b"named", id.as_bytes()]);
        let events = visits(id, persona, &shelves, &mut seed, now, 6);
        Shopper {
            id: id.to_owned(),
            birth_date: born.to_owned(),
            postcode: "05000".to_owned(),
            consents,
            objects,
            events,
        }
    };
    let mut all = vec![
        named("camille", "1988-04-12", 0, both.clone(), false),
        named("noor", "1988-04-12", 1, Vec::new(), false),
        named("sacha", "1988-04-12", 2, both, true),
        // a child, whose yes counts for nothing
        named("lou", "2014-06-01", 2, vec![("personalisation", 150)], false),
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
    Shopper { id, birth_date, postcode, consents, objects, events }
}

/// Visits: a kit of the persona is looked at, and as a rule bought.
fn visits(
    id: &str,
    persona: usize,
    shelves: &Shelves,
    seed: &mut Seed,
    now: Timestamp,
    count: usize,
) -> Vec<Did> {
    let kits = PERSONAS.get(persona).copied().unwrap_or_default();
    let mut events = Vec::new();
    for visit in 0..count {
        let Some(kit) = kits.get(below(seed, kits.len() as u64)) else {
            continue;
        };
        let days_ago = 1 + u64::try_from(below(seed, DAYS - 1)).unwrap_or(1);
        let back = i64::try_from(days_ago).unwrap_or(1) * DAY_MS
            - i64::try_from(below(seed, 12)).unwrap_or(0) * HOUR_MS;
        let mut at = now.plus_ms(-back);
        let session = format!("{id}-visit-{visit}");
        let mut event = |kind, items: Vec<String>| {
            at = at.plus_ms(MINUTE_MS);
            events.push(Did { at, kind, session: session.clone(), items });
        };
        let mut basket = Vec::new();
        let Some((reason, companions)) = kit.split_first() else {
            continue;
        };
        let (Some(anchor), Some(rival)) = (shelves.choose(reason, seed), shelves.choose(reason, seed)) else {
            continue;
        };
        event("view_item", vec![rival.id.clone()]);
        event("view_item", vec![anchor.id.clone()]);
        // the reason to come is bought more often than what goes with it
        if below(seed, 10) < 9 {
            basket.push(anchor.id.clone());
        }
        for category in companions {
            if let Some(thing) = shelves.choose_beside(category, anchor, seed)
                && below(seed, 10) < 6
            {
                event("view_item", vec![thing.id.clone()]);
                if below(seed, 10) < 8 {
                    basket.push(thing.id.clone());
                }
            }
        }
        if !basket.is_empty() && below(seed, 10) < 7 {
            event("purchase", basket);
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::demo::shop;

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
            assert!(shelves.sells(category), "nothing of `{category}` is sold");
        }
    }

    #[test]
    fn some_agree_some_do_not_and_some_are_young() {
        let all = shoppers(&shop::items().unwrap(), now());
        let share = |count: usize| count * 100 / all.len();
        let agreed =
            share(all.iter().filter(|s| s.consents.iter().any(|(c, _)| *c == "personalisation")).count());
        assert!((55..75).contains(&agreed), "{agreed} %");
        assert!(
            all.iter().any(|s| s.objects)
                && all.iter().any(|s| s.consents.iter().any(|(_, days)| *days > 180))
        );
        assert!(all.iter().any(|s| s.birth_date.as_str() > "2008-11-20"));
    }

    /// The categories of what was bought in the same baskets as `id`, each with how often.
    fn beside(id: &str, all: &[Shopper], shelves: &Shelves) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        let baskets = all.iter().flat_map(|s| &s.events).filter(|e| e.kind == "purchase");
        for other in
            baskets.filter(|e| e.items.iter().any(|i| i == id)).flat_map(|e| &e.items).filter(|i| *i != id)
        {
            *counts.entry(shelves.category_of(other).to_owned()).or_default() += 1;
        }
        counts
    }

    #[test]
    fn companions_of_the_most_viewed_tent_are_no_rivals() {
        let items = shop::items().unwrap();
        let (shelves, all) = (Shelves::of(&items), shoppers(&items, now()));
        let mut views = BTreeMap::<&str, usize>::new();
        for event in all.iter().flat_map(|s| &s.events).filter(|e| e.kind == "view_item") {
            let id = event.items.first().unwrap();
            if shelves.category_of(id) == "tents" {
                *views.entry(id).or_default() += 1;
            }
        }
        let most_viewed = views.iter().max_by_key(|(_, n)| **n).unwrap().0;
        let beside = beside(most_viewed, &all, &shelves);
        let kit = ["cookware", "lamps", "mats", "sleeping-bags"];
        assert_eq!(beside.keys().collect::<Vec<_>>(), kit, "{beside:?}");
        assert!(beside.values().all(|n| *n >= 10), "{beside:?}");
    }

    #[test]
    fn trail_shoes_go_with_running_socks() {
        let items = shop::items().unwrap();
        let all = shoppers(&items, now());
        let title = |id: &str| {
            items.iter().find(|i| i["item_id"] == id).unwrap()["fields"]["title_en"].as_str().unwrap()
        };
        let baskets = all.iter().flat_map(|s| &s.events).filter(|e| e.kind == "purchase");
        let with = baskets.filter(|e| e.items.iter().any(|i| i.starts_with("TRS-")));
        let socks: Vec<&str> =
            with.flat_map(|e| &e.items).filter(|i| i.starts_with("SOC-")).map(|i| title(i)).collect();
        let running = socks.iter().filter(|t| t.contains("running")).count();
        assert!(
            running * 2 > socks.len() && socks.iter().any(|t| t.contains("hiking")),
            "{running} of {}",
            socks.len()
        );
    }

    #[test]
    fn enough_people_buy_enough_things_for_what_sells_well_to_be_known() {
        let items = shop::items().unwrap();
        let all = shoppers(&items, now());
        let mut people = BTreeMap::<&str, BTreeSet<&str>>::new();
        for shopper in
            all.iter().filter(|s| s.consents.iter().any(|(c, days)| *c == "improvement" && *days < 180))
        {
            for id in shopper.events.iter().filter(|e| e.kind == "purchase").flat_map(|e| &e.items) {
                people.entry(id).or_default().insert(&shopper.id);
            }
        }
        // the policy of the shop shows a number from 20 people on
        let known = people.values().filter(|p| p.len() >= 20).count();
        assert!(known > 150, "{known}");
        let events: usize = all.iter().map(|s| s.events.len()).sum();
        assert!((30_000..60_000).contains(&events), "{events}");
    }
}
