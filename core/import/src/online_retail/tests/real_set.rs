//! The Online Retail set itself, where it lies beside the checkout.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jardin_model::{DAY_MS, Timestamp};

use crate::{Summary, online_retail, open};

/// One purchase: when, and which products.
struct Purchase {
    at: Timestamp,
    items: Vec<String>,
}

/// `None`, and a word, where the set is not there.
fn read() -> Option<(Summary, Vec<Purchase>, BTreeSet<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/online_retail.csv.xz");
    if !path.exists() {
        println!("SKIPPED: the Online Retail set is not at ../shared/data beside the checkout");
        return None;
    }
    let opened = open(&path, None).unwrap();
    let (length, counter) = (opened.length, opened.read.clone());
    let (mut purchases, mut known, mut people, mut ids) =
        (Vec::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let summary = online_retail(opened.content, &mut |batch| {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        known.extend(batch.items.iter().map(|i| text(&i["item_id"])));
        for event in &batch.events {
            assert!(ids.insert(text(&event["event_id"])), "an event id comes twice");
            let items: Vec<String> =
                event["items"].as_array().unwrap().iter().map(|i| text(&i["item_id"])).collect();
            // an event never comes before its items
            assert!(items.iter().all(|i| known.contains(i)));
            people.extend(event.get("subject_id").map(text));
            let at = Timestamp::parse(event["occurred_at"].as_str().unwrap()).unwrap();
            purchases.push(Purchase { at, items });
        }
        Ok(())
    });
    assert_eq!(
        counter.load(std::sync::atomic::Ordering::Relaxed),
        length.unwrap(),
        "the progress ends at the file's length"
    );
    Some((summary.unwrap(), purchases, people))
}

#[test]
fn the_set_has_its_published_counts() {
    let Some((summary, purchases, people)) = read() else {
        return;
    };
    // rows: as published; the rest: counted by an independent script over the same file
    assert_eq!((summary.rows, summary.bad), (541_909, 0));
    let aside = [
        ("cancellations", 9_288),
        ("no products", 2_366),
        ("quantities or prices not above 0", 1_336 + 1_161),
    ];
    let aside = aside.map(|(why, count)| (std::borrow::Cow::Borrowed(why), count));
    assert_eq!(summary.set_aside, BTreeMap::from(aside));
    assert_eq!((summary.events, purchases.len()), (19_773, 19_773));
    assert_eq!((summary.items, people.len()), (3_798, 4_334));
    let without = 131_421;
    assert_eq!(summary.without_customer, without);
}

/// The split of the published figures: sessions of at least two products, the last 14 days aside.
#[test]
fn the_training_part_of_the_split_has_its_published_counts() {
    let Some((_, purchases, _)) = read() else { return };
    let sessions: Vec<_> = purchases.iter().filter(|p| p.items.len() >= 2).collect();
    let last = sessions.iter().map(|p| p.at).max().unwrap();
    let training: Vec<_> = sessions.iter().filter(|p| last.ms_since(p.at) > 14 * DAY_MS).collect();
    let events: usize = training.iter().map(|p| p.items.len()).sum();
    let items: BTreeSet<_> = training.iter().flat_map(|p| &p.items).collect();
    assert_eq!((training.len(), events, items.len()), (17_093, 476_539, 3_781));
}
