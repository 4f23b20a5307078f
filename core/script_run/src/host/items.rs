//! Several products: a basket, a history.

use std::sync::Arc;

use jardin_model::ItemIndex;
use jardin_policy::ViewEvent;
use jardin_script_check::vocabulary::EventField;
use rhai::Dynamic;

use super::{Item, Moment, Request, request::Outcome, value};

/// The products of an items field.
#[derive(Debug, Clone)]
pub(crate) struct Items {
    request: Arc<Request>,
    items: Arc<[ItemIndex]>,
}

impl Items {
    /// The products of a field.
    pub(crate) fn new(request: &Arc<Request>, items: &Arc<[ItemIndex]>) -> Self {
        Self { request: Arc::clone(request), items: Arc::clone(items) }
    }

    /// How many products there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }
}

impl IntoIterator for Items {
    type Item = Item;
    type IntoIter = std::vec::IntoIter<Item>;

    fn into_iter(self) -> Self::IntoIter {
        let all: Vec<Item> = self.items.iter().map(|i| Item::other(&self.request, Some(*i))).collect();
        all.into_iter()
    }
}

/// A history, newest first.
#[derive(Debug, Clone)]
pub(crate) struct Events {
    request: Arc<Request>,
    events: Arc<[ViewEvent]>,
}

impl Events {
    /// The events of a field.
    pub(crate) fn new(request: &Arc<Request>, events: &Arc<[ViewEvent]>) -> Self {
        Self { request: Arc::clone(request), events: Arc::clone(events) }
    }

    /// How many events there are.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }
}

impl IntoIterator for Events {
    type Item = Event;
    type IntoIter = std::vec::IntoIter<Event>;

    fn into_iter(self) -> Self::IntoIter {
        let event = |event: &ViewEvent| Event { request: Arc::clone(&self.request), event: *event };
        let all: Vec<Event> = self.events.iter().map(event).collect();
        all.into_iter()
    }
}

/// One product of a history.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    request: Arc<Request>,
    event: ViewEvent,
}

impl Event {
    /// One of the fields that every event has.
    pub(crate) fn field(&self, field: EventField) -> Outcome<Dynamic> {
        Ok(match field {
            EventField::Item => Dynamic::from(Item::other(&self.request, Some(self.event.item))),
            EventField::Kind => value::text_value(self.event.kind.word()),
            EventField::At => Dynamic::from(Moment::new(self.event.at, self.request.now())),
            EventField::Quantity => Dynamic::from_float(self.event.quantity.into()),
        })
    }
}
