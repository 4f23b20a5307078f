//! What the contracts promise, asked of any store: each law is a function over `open`, which opens the same data each
//! time it is called. [`crate::store_laws!`] makes a test of each.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a law that does not hold panics"
)]

pub mod imports;
pub mod items;
pub mod keys;
pub mod log;
pub mod people;
pub mod removal;
mod test_shop;

use std::sync::Arc;

use jardin_contract::Store;
use jardin_model::{SessionId, SubjectId};
pub use test_shop::{TestShop, noon, price};

/// Makes a `#[test]` of each law. `$opener` is a function that makes new data and gives what opens it: an
/// `impl AsyncFn() -> Arc<dyn Store>`, called again to open the same data once more after the store was dropped.
///
/// ```ignore
/// fn new_store() -> impl AsyncFn() -> Arc<dyn Store> {
///     let store = MemoryStore::default();
///     async move || Arc::new(store.clone()) as Arc<dyn Store>
/// }
/// store_laws!(new_store);
/// ```
#[macro_export]
macro_rules! store_laws {
    ($opener:path) => {
        $crate::store_laws! { @each $opener;
            log {
                what_was_appended_is_read_in_its_order
                the_feed_is_read_in_pages
                repeats_are_recognised_for_seven_days
                an_id_is_no_repeat_of_somebody_elses
                a_repeat_changes_nothing
                many_at_once_are_all_stored
            }
            people {
                a_cached_record_equals_what_is_read
                a_change_leaves_the_time_of_what_it_does_not_name
                a_cached_visit_equals_what_is_read
                somebody_unknown_who_acts_is_known_to_the_next_request
                last_seen_is_the_latest_and_never_ahead
                an_objection_counts_from_its_first_time
                an_export_holds_everything_that_an_event_said
                an_answer_moves_no_clock
                what_was_decided_for_a_visit_goes_with_it
                what_somebody_wants_forgotten_goes_of_them_alone
                a_mark_of_the_clock_survives
            }
            items {
                items_are_changed_and_their_numbers_stay
                a_change_answers_the_number_of_each_item
                an_item_that_only_an_event_named_has_a_number_and_is_none
                the_switch_and_the_secret_survive
                kept_items_are_those_of_that_moment
            }
            removal {
                somebody_who_comes_back_is_somebody_new
                a_sweep_removes_what_is_too_old_and_leaves_restricted_people
                what_is_kept_for_a_visit_goes_with_it
                an_item_of_the_visit_alone_goes_with_the_visit
                an_account_that_ended_goes_whole
                events_of_an_item_are_purged_but_a_restricted_persons
                what_is_groundless_goes_but_a_restricted_persons
                purged_items_leave_profiles_but_a_restricted_persons
                people_are_counted_once_an_item_and_decay
            }
            keys {
                texts_are_read_under_their_own_slot_and_binding
                nothing_is_read_or_sealed_under_a_destroyed_key
            }
            imports {
                an_import_is_seen_whole_once_it_is_committed
                an_import_that_is_dropped_leaves_nothing
                another_import_is_refused_until_the_first_has_ended
            }
        }
    };
    (@each $opener:path; $($module:ident { $($law:ident)* })*) => {
        $($(
            #[test]
            fn $law() {
                $crate::laws::run_law($crate::laws::$module::$law(&$opener()));
            }
        )*)*
    };
}

/// Runs a law on this thread, which panics where it does not hold.
pub fn run_law(law: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(law);
}

pub(crate) fn subject_id(id: &str) -> SubjectId {
    SubjectId::new(id).unwrap()
}

pub(crate) fn session_id(id: &str) -> SessionId {
    SessionId::new(id).unwrap()
}

/// The products of a person's history, oldest first.
pub async fn bought_items(store: &dyn Store, id: &str) -> Vec<String> {
    let record = store.read_subject(&subject_id(id)).await.unwrap();
    let ids = store.item_ids();
    let lines = record.iter().flat_map(|r| &r.events).flat_map(|e| &e.lines);
    lines.map(|line| ids.id(line.item).unwrap().as_str().to_owned()).collect()
}

/// What opens the same data each time.
pub trait Open: AsyncFn() -> Arc<dyn Store> {}

impl<T: AsyncFn() -> Arc<dyn Store>> Open for T {}

#[cfg(test)]
mod tests {
    /// A law that no list names is asked of nobody.
    #[test]
    fn every_law_is_in_the_list() {
        let list = include_str!("mod.rs");
        let laws = [
            include_str!("imports.rs"),
            include_str!("items.rs"),
            include_str!("keys.rs"),
            include_str!("log.rs"),
            include_str!("people.rs"),
            include_str!("removal.rs"),
        ];
        let names =
            laws.iter().flat_map(|file| file.lines()).filter_map(|line| line.strip_prefix("pub async fn "));
        let names: Vec<&str> = names.filter_map(|name| name.split('(').next()).collect();
        assert!(names.len() >= 28, "{} laws", names.len());
        for name in names {
            assert!(list.contains(&format!("                {name}\n")), "`{name}` is asked of no store");
        }
    }
}
