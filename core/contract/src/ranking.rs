//! What a strategy gives back.

use std::sync::Arc;

use jardin_model::ItemIndex;

use crate::{Effects, PageRule};

/// One item of a plugin's list.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// Which item.
    pub item: ItemIndex,
    /// How good; finite. Only the order that it makes is used.
    pub score: f64,
    /// A declared reason's code.
    pub reason: Option<Arc<str>>,
}

/// What a script did to a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adjusted {
    /// One effect a candidate, in the candidates' order.
    pub effects: Effects,
    /// How the page is arranged.
    pub page: Vec<PageRule>,
    /// On how many candidates the script failed; each of them is dropped, or stays where it was where the script may hide
    /// nothing.
    pub failed: usize,
}

/// What a strategy gives back.
#[derive(Debug, Clone, PartialEq)]
pub enum Ranking {
    /// Items with scores, the best anywhere.
    Picks(Vec<Pick>),
    /// Moves of the candidates that it was given.
    Adjusted(Adjusted),
}
