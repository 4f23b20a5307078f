//! Laws of items and switches.

use jardin_contract::StoppedBy;
use jardin_model::{Item, ItemChange, ItemId, ItemIndex, Value};
use jardin_policy::{Stop, StrategyName};

use super::{Open, TestShop, noon};

fn item_id(id: &str) -> ItemId {
    ItemId::new(id).unwrap()
}

fn item_in_stock(name: &str, stock: f64) -> Item {
    Item { id: item_id(name), fields: [("stock".into(), Value::Number(stock))].into() }
}

/// What was kept is what was there then, whatever becomes of it, until it is kept again.
pub async fn kept_items_are_those_of_that_moment(open: &impl Open) {
    let store = open().await;
    assert_eq!(store.read_kept_items().await.unwrap(), []);
    let put = |name, stock| ItemChange::Put(item_in_stock(name, stock));
    store.change_items(vec![put("a", 1.0), put("b", 2.0)]).await.unwrap();
    store.keep_items().await.unwrap();
    store.change_items(vec![put("a", 9.0), ItemChange::Remove(item_id("b"))]).await.unwrap();
    drop(store);
    let store = open().await;
    assert_eq!(store.read_kept_items().await.unwrap(), [item_in_stock("a", 1.0), item_in_stock("b", 2.0)]);
    store.keep_items().await.unwrap();
    assert_eq!(store.read_kept_items().await.unwrap(), [item_in_stock("a", 9.0)]);
}

/// The number of an item outlasts its removal, its return and every opening.
pub async fn items_are_changed_and_their_numbers_stay(open: &impl Open) {
    let store = open().await;
    let put = |name, stock| ItemChange::Put(item_in_stock(name, stock));
    let first = store.change_items(vec![put("a", 1.0), put("b", 2.0)]).await.unwrap();
    let changes = vec![ItemChange::Remove(item_id("a")), put("c", 3.0), put("c", 4.0)];
    store.change_items(changes).await.unwrap();
    drop(store);
    let store = open().await;
    let ids = store.item_ids();
    let [a, b, c] = ["a", "b", "c"].map(|name| ids.index(&item_id(name)).unwrap());
    assert_eq!(first, [a, b]);
    assert_eq!(
        store.read_items().await.unwrap(),
        [(b, item_in_stock("b", 2.0)), (c, item_in_stock("c", 4.0))]
    );
    assert_eq!(store.change_items(vec![put("a", 5.0)]).await.unwrap(), [a]);
    assert_eq!(store.read_items().await.unwrap()[0], (a, item_in_stock("a", 5.0)));
}

/// A change answers one number for each item, in order; numbers begin at 0 and leave no gap.
pub async fn a_change_answers_the_number_of_each_item(open: &impl Open) {
    let store = open().await;
    let put = |name| ItemChange::Put(item_in_stock(name, 1.0));
    let changes = vec![put("b"), put("a"), ItemChange::Remove(item_id("unheard-of")), put("b")];
    let numbers = store.change_items(changes).await.unwrap();
    let ids = store.item_ids();
    let names: Vec<_> = numbers.iter().map(|number| ids.id(*number).unwrap().as_str()).collect();
    assert_eq!(names, ["b", "a", "unheard-of", "b"]);
    // a column of the catalogue has a cell for each number: they begin at 0 and leave no gap
    let all: Vec<u32> = ids.iter().map(|id| ids.index(id).unwrap().0).collect();
    assert_eq!(all, [0, 1, 2]);
    assert!(store.change_items(Vec::new()).await.unwrap().is_empty());
}

/// An event gives the item that it names a number; the item does not exist for that.
pub async fn an_item_that_only_an_event_named_has_a_number_and_is_none(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    store.append_events(vec![shop.view("visit", "y", noon())], noon()).await.unwrap();
    drop(store);
    let store = open().await;
    assert!(store.read_items().await.unwrap().is_empty());
    assert_eq!(store.item_ids().index(&item_id("y")), Some(ItemIndex(0)));
    let later = store.change_items(vec![ItemChange::Put(item_in_stock("y", 1.0))]).await.unwrap();
    assert_eq!(later, [ItemIndex(0)]);
}

/// What is stopped by each is what was set last, and a secret is the same in each opening and another for each use.
pub async fn the_switch_and_the_secret_survive(open: &impl Open) {
    let store = open().await;
    let [switch, file] = [StoppedBy::Switch, StoppedBy::PolicyFile];
    assert_eq!(store.read_stop(switch).await.unwrap(), Stop::default());
    let stop = Stop { everything: true, strategies: vec![StrategyName::new("for-you").unwrap()] };
    store.put_stop(switch, &stop).await.unwrap();
    assert_eq!(store.read_stop(switch).await.unwrap(), stop);
    assert_eq!(store.read_stop(file).await.unwrap(), Stop::default());
    let by_file = Stop { everything: false, strategies: vec![StrategyName::new("trending").unwrap()] };
    store.put_stop(file, &by_file).await.unwrap();
    let secret = store.derive_secret("pseudonym");
    assert_ne!(secret, store.derive_secret("sessions"));
    drop(store);
    let store = open().await;
    assert_eq!((store.read_stop(switch).await.unwrap(), store.derive_secret("pseudonym")), (stop, secret));
    store.put_stop(switch, &Stop::default()).await.unwrap();
    assert_eq!(store.read_stop(switch).await.unwrap(), Stop::default());
    assert_eq!(store.read_stop(file).await.unwrap(), by_file);
}
