//! What a script did to one candidate.

use std::sync::Arc;

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
