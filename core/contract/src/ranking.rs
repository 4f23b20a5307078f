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

/// Why a script moved an item: for the shop, never for a shopper.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// By which factor, where the script gave one.
    pub factor: Option<f64>,
    /// The script's own words.
    pub text: Arc<str>,
}

/// What a script did to one candidate.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The product of all factors, kept in 0.05 to 20.
    pub factor: f64,
    /// Why it was left out, if it was.
    pub dropped: Option<Arc<str>>,
    /// A declared reason's code.
    pub says: Option<Arc<str>>,
    /// Each move, in its order. Empty unless notes were asked for.
    pub notes: Vec<Note>,
}

impl Default for Effect {
    fn default() -> Self {
        Self { factor: 1.0, dropped: None, says: None, notes: Vec::new() }
    }
}

/// What a script did to a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Adjusted {
    /// One effect a candidate, in the candidates' order.
    pub effects: Effects,
    /// How the page is arranged.
    pub page: Vec<PageRule>,
    /// On how many candidates the script failed; each of them is dropped.
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
