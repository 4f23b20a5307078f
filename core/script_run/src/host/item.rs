//! A product, as scripts see it.

use std::sync::Arc;

use jardin_model::ItemIndex;
use jardin_script_check::vocabulary::Move;
use rhai::Dynamic;

use super::{Request, register::fault_error, request::Outcome};
use crate::semantics::{Fault, number_of};

/// A product: the candidate, the page's, or one of a basket or history.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    request: Arc<Request>,
    index: Option<ItemIndex>,
    is_candidate: bool,
}

impl Item {
    /// The candidate, which effects move.
    pub(crate) fn candidate(request: &Arc<Request>, index: ItemIndex) -> Self {
        Self { request: Arc::clone(request), index: Some(index), is_candidate: true }
    }

    /// Another product; without an index every field is absent.
    pub(crate) fn other(request: &Arc<Request>, index: Option<ItemIndex>) -> Self {
        Self { request: Arc::clone(request), index, is_candidate: false }
    }

    /// Which product, if there is one.
    pub(crate) const fn index(&self) -> Option<ItemIndex> {
        self.index
    }

    /// True where there is no product.
    pub(crate) const fn is_absent(&self) -> bool {
        self.index.is_none()
    }

    /// A granted field.
    pub(crate) fn field(&self, name: &str) -> Outcome<Dynamic> {
        self.request.item_field(self.index, name)
    }

    fn candidate_request(&self) -> Outcome<&Request> {
        if self.is_candidate { Ok(&self.request) } else { Err(fault_error(Fault::Argument)) }
    }

    /// `item.boost(factor, note)` and its like.
    pub(crate) fn scale_factor(&self, word: Move, factor: &Dynamic, note: &str) -> Outcome<()> {
        let allowed = word.factors().ok_or_else(|| fault_error(Fault::Factor))?;
        let factor = number_of(factor).ok_or_else(|| fault_error(Fault::Factor))?;
        self.candidate_request()?.scale_effect(factor, &allowed, note).map_err(fault_error)
    }

    /// `item.drop(note)`.
    pub(crate) fn leave_out(&self, note: &str) -> Outcome<()> {
        self.candidate_request()?.leave_out(note);
        Ok(())
    }

    /// `item.say(code)`.
    pub(crate) fn say(&self, code: &str) -> Outcome<()> {
        self.candidate_request()?.set_reason(code);
        Ok(())
    }
}
