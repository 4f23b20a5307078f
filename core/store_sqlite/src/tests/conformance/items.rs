//! Laws of items and switches.

use jardin_model::{Item, ItemChange, ItemId, Value};
use jardin_policy::{Stop, StrategyName};

use super::Both;
use crate::tests::{Door, now};

fn id(id: &str) -> ItemId {
    ItemId::new(id).unwrap()
}

fn item(name: &str, stock: f64) -> Item {
    Item { id: id(name), fields: [("stock".into(), Value::Number(stock))].into() }
}

pub(super) async fn items_are_changed_and_their_numbers_stay<S: Both>(open: impl Fn() -> S) {
    let store = open();
    let put = |name, stock| ItemChange::Put(item(name, stock));
    store.change_items(vec![put("a", 1.0), put("b", 2.0)]).await.unwrap();
    let changes = vec![ItemChange::Remove(id("a")), put("c", 3.0), put("c", 4.0)];
    store.change_items(changes).await.unwrap();
    drop(store);
    let store = open();
    assert_eq!(store.items().await.unwrap(), [item("b", 2.0), item("c", 4.0)]);
    let numbers = ["a", "b", "c"].map(|name| store.item_ids().index(&id(name)).unwrap().0);
    assert_eq!(numbers, [0, 1, 2]);
    store.change_items(vec![put("a", 5.0)]).await.unwrap();
    assert_eq!(store.items().await.unwrap()[0], item("a", 5.0));
}

pub(super) async fn an_item_that_only_an_event_named_has_a_number_and_is_none<S: Both>(open: impl Fn() -> S) {
    let (door, store) = (Door::new(), open());
    // numbers that somebody else gave, and nobody stored yet
    store.item_ids().index_or_assign(&id("x"));
    store.append(vec![door.view("visit", "y", now())], now()).await.unwrap();
    drop(store);
    let store = open();
    assert!(store.items().await.unwrap().is_empty());
    let numbers = ["x", "y"].map(|name| store.item_ids().index(&id(name)).unwrap().0);
    assert_eq!(numbers, [0, 1]);
}

pub(super) async fn the_switch_and_the_secret_survive<S: Both>(open: impl Fn() -> S) {
    let store = open();
    assert_eq!(store.stop().await.unwrap(), Stop::default());
    let stop = Stop { everything: true, strategies: vec![StrategyName::new("for-you").unwrap()] };
    store.put_stop(&stop).await.unwrap();
    assert_eq!(store.stop().await.unwrap(), stop);
    let secret = store.secret("pseudonym");
    assert_ne!(secret, store.secret("sessions"));
    drop(store);
    let store = open();
    assert_eq!((store.stop().await.unwrap(), store.secret("pseudonym")), (stop, secret));
    store.put_stop(&Stop::default()).await.unwrap();
    assert_eq!(store.stop().await.unwrap(), Stop::default());
}
