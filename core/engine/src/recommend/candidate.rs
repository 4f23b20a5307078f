//! One candidate of a list.

use std::sync::Arc;

use jardin_contract::Effects;
use jardin_model::ItemIndex;

/// One candidate that came back, in the order of its list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    pub(super) item: ItemIndex,
    /// Its position in the list that the strategy was given or made, from 0.
    pub(super) position: usize,
    pub(super) factor: f64,
    pub(super) says: Option<ReasonNumber>,
}

/// The place of a reason among those that a list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReasonNumber(u16);

/// The codes of the reasons that a list names, each once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ReasonCodes(Vec<Arc<str>>);

impl ReasonCodes {
    /// The number of a code. A list that names more than 65,536 codes is told nothing of the others.
    pub(super) fn number_code(&mut self, code: &Arc<str>) -> Option<ReasonNumber> {
        let known = self.0.iter().position(|one| Arc::ptr_eq(one, code) || one == code);
        let place = known.unwrap_or_else(|| {
            self.0.push(Arc::clone(code));
            self.0.len() - 1
        });
        u16::try_from(place).ok().map(ReasonNumber)
    }

    pub(super) fn code(&self, number: ReasonNumber) -> Option<&Arc<str>> {
        self.0.get(usize::from(number.0))
    }

    /// The numbers of the codes that may not be given.
    pub(super) fn refused_codes(&self, is_refused: impl Fn(&str) -> bool) -> Vec<ReasonNumber> {
        let numbered = (0..).zip(&self.0).filter(|(_, code)| is_refused(code));
        numbered.map(|(number, _)| ReasonNumber(number)).collect()
    }

    /// The number of what a candidate says.
    pub(super) fn number_effect(&mut self, effects: &Effects, place: usize) -> Option<ReasonNumber> {
        self.number_code(effects.said(place)?)
    }
}
