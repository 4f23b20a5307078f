//! A store that fails by a script says exactly that, changes nothing by a call that failed, and is itself again after.

use std::sync::Arc;

use jardin_contract::{Cached, ProfileChange, StateStore as _, StoppedBy, Store, StoreError};
use jardin_model::{Item, ItemChange, ItemId, SubjectId};
use jardin_policy::{Stop, SweepPlan};
use jardin_store_kit::{
    Fault, FaultyStore, Gate, Operation,
    laws::{TestShop, noon},
};

use crate::MemoryStore;

fn ada() -> SubjectId {
    SubjectId::new("ada").unwrap()
}

/// A call of each operation that may fail.
async fn call(store: &dyn Store, operation: Operation) -> Result<(), StoreError> {
    let shop = TestShop::open();
    match operation {
        Operation::Append => {
            store.append_events(vec![shop.purchase(None, "ada", None, "a", noon())], noon()).await.map(drop)
        }
        Operation::Feed => store.read_feed(0, 1).await.map(drop),
        Operation::LookUp => match store.cached_subject(&ada()) {
            Cached::Known(_) => Ok(()),
            Cached::Missing => Err(StoreError::failed("it is not cached")),
        },
        Operation::Read => store.read_subject(&ada()).await.map(drop),
        Operation::Change => store
            .put_profile(&ada(), ProfileChange::replace_all(shop.profile_with("38000")), noon())
            .await
            .map(drop),
        Operation::Erase => store.erase_subject(&ada(), noon()).await.map(drop),
        Operation::ReadItems => store.read_items().await.map(drop),
        Operation::ChangeItems => {
            let item = Item { id: ItemId::new("a").unwrap(), fields: [].into() };
            store.change_items(vec![ItemChange::Put(item)]).await.map(drop)
        }
        Operation::Switch => {
            store.put_stop(StoppedBy::Switch, &Stop { everything: true, strategies: Vec::new() }).await
        }
        Operation::Remove => {
            let everything = SweepPlan {
                events: Vec::new(),
                outlive_their_visit: Vec::new(),
                within_visit: Arc::default(),
                sessions_idle_since: noon(),
                accounts_idle_since: noon(),
                fields: Vec::new(),
            };
            store.sweep_expired(&everything).await.map(drop)
        }
        Operation::Keys => store.create_keys(1).map(drop),
        Operation::Import => store.begin_import().await?.commit().await,
    }
}

/// What can be seen of a store.
async fn seen(store: &dyn Store) -> String {
    let record = store.read_subject(&ada()).await.unwrap();
    let (feed, items) = (store.read_feed(0, 100).await.unwrap(), store.read_items().await.unwrap());
    format!("{record:?} {feed:?} {items:?} {:?}", store.read_stop(StoppedBy::Switch).await.unwrap())
}

async fn store_with_ada() -> (MemoryStore, FaultyStore) {
    let (shop, memory) = (TestShop::open(), MemoryStore::default());
    memory.put_profile(&ada(), ProfileChange::replace_all(shop.profile_with("13001")), noon()).await.unwrap();
    (memory.clone(), FaultyStore::new(Arc::new(memory)))
}

#[tokio::test]
async fn each_call_fails_as_the_script_says_and_changes_nothing() {
    for operation in Operation::ALL {
        let (memory, faulty) = store_with_ada().await;
        let before = seen(&memory).await;
        faulty.script_calls(operation, [Some(Fault::Fail), Some(Fault::Overload), None]);
        let failed = call(&faulty, operation).await.unwrap_err();
        assert!(matches!(failed, StoreError::Failed { .. }), "{operation:?}: {failed}");
        let refused = call(&faulty, operation).await.unwrap_err();
        // a look into a cache is refused nothing: it finds nothing
        assert!(
            refused == StoreError::Overloaded || operation == Operation::LookUp,
            "{operation:?}: {refused}"
        );
        assert_eq!(seen(&memory).await, before, "{operation:?} changed something");
        call(&faulty, operation).await.unwrap();
        call(&faulty, operation).await.unwrap();
        assert_eq!(faulty.count_calls(operation), 4);
    }
}

#[tokio::test]
async fn a_fault_of_one_operation_is_none_of_another_and_ends_when_it_is_ended() {
    for broken in Operation::ALL {
        let (_, faulty) = store_with_ada().await;
        faulty.script_all_calls(broken, Some(Fault::Fail));
        for operation in Operation::ALL {
            let outcome = call(&faulty, operation).await;
            assert_eq!(outcome.is_err(), operation == broken, "{operation:?} while {broken:?} fails");
        }
        faulty.script_all_calls(broken, None);
        call(&faulty, broken).await.unwrap();
    }
}

#[tokio::test]
async fn a_call_waits_until_its_gate_is_opened_and_holds_nobody_else_up() {
    let (memory, faulty) = store_with_ada().await;
    let (faulty, gate) = (Arc::new(faulty), Gate::closed());
    faulty.script_calls(Operation::Erase, [Some(Fault::Wait(gate.clone()))]);
    let erasing = {
        let faulty = Arc::clone(&faulty);
        tokio::spawn(async move { faulty.erase_subject(&ada(), noon()).await })
    };
    while faulty.count_calls(Operation::Erase) == 0 {
        tokio::task::yield_now().await;
    }
    call(&*faulty, Operation::Read).await.unwrap();
    assert!(!erasing.is_finished());
    assert!(memory.read_subject(&ada()).await.unwrap().is_some());
    gate.open();
    assert!(erasing.await.unwrap().unwrap().is_some());
    assert_eq!(memory.read_subject(&ada()).await.unwrap(), None);
}
