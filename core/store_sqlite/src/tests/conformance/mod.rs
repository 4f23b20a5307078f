//! What the contracts promise, asked of any implementation: each law is a function over `open`, which opens
//! the same data each time it is called. At the end they are asked of this store.

mod items;
mod log;
mod people;
mod removal;
mod ring;

use jardin_contract::{EventLog, StateStore};
use jardin_model::{SessionId, SubjectId};

/// An implementation of both contracts.
pub(crate) trait Both: EventLog + StateStore {}

impl<T: EventLog + StateStore> Both for T {}

pub(crate) fn subject(id: &str) -> SubjectId {
    SubjectId::new(id).unwrap()
}

pub(crate) fn session(id: &str) -> SessionId {
    SessionId::new(id).unwrap()
}

/// The products of a person's history, oldest first.
pub(crate) async fn bought(store: &impl Both, id: &str) -> Vec<String> {
    let record = store.subject(&subject(id)).await.unwrap();
    let ids = store.item_ids();
    let lines = record.iter().flat_map(|r| &r.events).flat_map(|e| &e.lines);
    lines.map(|line| ids.id(line.item).unwrap().as_str().to_owned()).collect()
}

macro_rules! asked_of_this_store {
    ($($module:ident { $($law:ident)* })*) => {
        mod this_store {
            use crate::{Options, Store};

            $($(
                #[tokio::test]
                async fn $law() {
                    let folder = tempfile::tempdir().unwrap();
                    super::$module::$law(|| Store::open(folder.path(), Options::default()).unwrap()).await;
                }
            )*)*
        }
    };
}

asked_of_this_store! {
    log {
        what_was_appended_is_read_in_its_order
        the_feed_is_read_in_pages
        repeats_are_recognised_for_seven_days
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
    }
    items {
        items_are_changed_and_their_numbers_stay
        an_item_that_only_an_event_named_has_a_number_and_is_none
        the_switch_and_the_secret_survive
    }
    removal {
        somebody_who_comes_back_is_somebody_new
        a_sweep_removes_what_is_too_old_and_leaves_restricted_people
        what_is_kept_for_a_visit_goes_with_it
        an_account_that_ended_goes_whole
        events_of_an_item_are_purged_but_a_restricted_persons
        people_are_counted_once_an_item_and_decay
    }
}
