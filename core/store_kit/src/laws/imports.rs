//! Laws of imports.

use jardin_contract::{Appended, ProfileChange, Store};
use jardin_model::{Item, ItemChange, ItemId};

use super::{Open, TestShop, bought_items, noon, subject_id};

/// What was written during an import is there once it was committed, and after the next opening.
pub async fn an_import_is_seen_whole_once_it_is_committed(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    let import = store.begin_import().await.unwrap();
    write_something(&shop, &*store).await;
    import.commit().await.unwrap();
    assert_eq!(bought_items(&*store, "ada").await, ["a"]);
    drop(store);
    let store = open().await;
    assert_eq!(bought_items(&*store, "ada").await, ["a"]);
    assert!(!store.read_subject(&subject_id("ada")).await.unwrap().unwrap().fields.is_empty());
    assert_eq!(
        (store.read_items().await.unwrap().len(), store.read_feed(0, 10).await.unwrap().len()),
        (1, 1)
    );
}

/// An import that is dropped leaves everything as it was, erasures included.
pub async fn an_import_that_is_dropped_leaves_nothing(open: &impl Open) {
    let (shop, store) = (TestShop::open(), open().await);
    store.append_events(vec![shop.purchase(None, "bob", None, "b", noon())], noon()).await.unwrap();
    let import = store.begin_import().await.unwrap();
    write_something(&shop, &*store).await;
    store.erase_subject(&subject_id("bob"), noon()).await.unwrap();
    drop(import);
    holds_bob_alone(&*store).await;
    drop(store);
    let store = open().await;
    holds_bob_alone(&*store).await;
    // nor is what it held taken for a repeat
    let again =
        store.append_events(vec![shop.purchase(Some("e1"), "ada", None, "a", noon())], noon()).await.unwrap();
    assert!(matches!(again.as_slice(), [Appended::Stored(_)]));
}

/// There is one import at a time; the next may begin however the first one ended.
pub async fn another_import_is_refused_until_the_first_has_ended(open: &impl Open) {
    let store = open().await;
    let first = store.begin_import().await.unwrap();
    assert!(store.begin_import().await.is_err());
    first.commit().await.unwrap();
    let second = store.begin_import().await.unwrap();
    drop(second);
    store.begin_import().await.unwrap().commit().await.unwrap();
}

async fn holds_bob_alone(store: &dyn Store) {
    assert_eq!(store.read_subject(&subject_id("ada")).await.unwrap(), None);
    assert_eq!(bought_items(store, "bob").await, ["b"]);
    assert!(store.read_items().await.unwrap().is_empty());
    assert_eq!(store.read_feed(0, 10).await.unwrap().len(), 1);
}

/// Of each kind of thing something: an item, a profile, an event.
async fn write_something(shop: &TestShop, store: &dyn Store) {
    let item = Item { id: ItemId::new("a").unwrap(), fields: [].into() };
    store.change_items(vec![ItemChange::Put(item)]).await.unwrap();
    store
        .put_profile(&subject_id("ada"), ProfileChange::replace_all(shop.profile_with("38000")), noon())
        .await
        .unwrap();
    store.append_events(vec![shop.purchase(Some("e1"), "ada", None, "a", noon())], noon()).await.unwrap();
}
