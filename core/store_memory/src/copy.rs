//! A copy of another store, made of what its readers ask for.

use jardin_contract::{EventDetails, FeedEvent, StoppedBy, StoreError};
use jardin_model::{Item, ItemId, ItemIndex, ItemNumbering, SubjectId, SubjectRecord};
use jardin_policy::Stop;

use crate::{
    MemoryStore,
    state::{State, StoredEvent},
};

/// What is copied of a store: all that its readers ask for but the ids and secrets, which stay where they are.
#[derive(Debug, Default)]
pub struct StoreCopy {
    /// In the order of their indices.
    pub item_ids: Vec<ItemId>,
    /// Each with its index.
    pub items: Vec<(ItemIndex, Item)>,
    /// In the order of their running numbers.
    pub events: Vec<FeedEvent>,
    /// Those under whom an event is kept.
    pub people: Vec<SubjectRecord>,
    /// What is stopped beside the policy in force.
    pub stop: Stop,
}

impl MemoryStore {
    /// A store of what was copied. A person is found in it by their number; for an id they have that number written
    /// out, since their own did not come with them.
    ///
    /// # Errors
    /// [`StoreError::Failed`] where two people have one number.
    pub fn of_copy(copy: StoreCopy) -> Result<Self, StoreError> {
        let mut state = State::of_items(copy.items);
        state.stops = [(StoppedBy::Switch, copy.stop)].into();
        state.give_numbers_after(copy.events.last().map_or(0, |event| event.sequence));
        for record in copy.people {
            let id = SubjectId::new(&record.person.0.to_string()).map_err(StoreError::failed)?;
            if !state.put_subject(id, record) {
                return Err(StoreError::failed("two people have one number"));
            }
        }
        let stored =
            |event: FeedEvent| StoredEvent { event, session: None, details: EventDetails::default() };
        state.events = copy.events.into_iter().map(|event| (event.sequence, stored(event))).collect();
        Ok(Self::of_state(ItemNumbering::restored(copy.item_ids), state))
    }
}
