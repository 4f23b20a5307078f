//! What a form must say of itself.

use std::{cell::OnceCell, sync::Arc};

use jardin_model::{Date, EventKind, FieldType, HistoryEvent, Timestamp, Zone};

use super::figures::{Figure, Figures};
use crate::{
    language::Language,
    runtime::{KeptUnder, ScreenedCatalogue, ViewEvent, ViewValue},
};

/// A form in which a field may be granted. No method has a default: what is forgotten does not compile.
pub(super) trait Form: Sized {
    /// The word of a policy for it.
    const WORD: &'static str;
    /// The types that it takes, for docs/policy.md.
    const TAKES: &'static str;
    /// What it gives, for docs/policy.md.
    const GIVES: &'static str;
    /// Its figures.
    const FIGURES: &'static [Figure];
    /// Whether it tells nothing beyond what any form of the field tells.
    const FOLLOWS_FROM_ALL: bool;

    /// What a field of type `kind` becomes; `None` where the form does not apply.
    fn type_of(kind: FieldType) -> Option<FieldType>;

    /// The form that the word alone means; `None` where it needs figures.
    fn without_figures() -> Option<Self>;

    /// Reads its figures; what is wrong with them is a finding.
    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self>;

    /// What is told of a value that is held, or of there being none.
    fn apply_to(&self, held: Option<Held<'_>>, around: &Surroundings<'_>) -> Option<ViewValue>;

    /// The item field that it looks up, by its name.
    fn item_field(&self) -> Option<&Arc<str>>;

    /// The values that it can give of a choice among `choices`; empty where they cannot be listed.
    fn possible_choices(&self, choices: &[Arc<str>]) -> Vec<Arc<str>>;

    /// True where it can be computed from `old`, so that it tells nothing more.
    fn follows_from(&self, old: &Self) -> bool;

    /// What is told of the field, for explanations and reports.
    fn describe_in(&self, language: Language) -> String;

    /// Itself in few words, for the comparison of two policies.
    fn short_text(&self) -> String;
}

/// What a field holds before its last transform.
pub(crate) enum Held<'a> {
    /// A value.
    Value(ViewValue),
    /// A history.
    Events(HeldEvents<'a>),
}

/// The events of a history, and whose they are.
pub(crate) struct HeldEvents<'a> {
    /// Newest first; never empty.
    pub(crate) events: Vec<&'a HistoryEvent>,
    pub(crate) keeper: KeptUnder,
}

/// What a form may use beside the value.
pub(crate) struct Surroundings<'a> {
    pub(crate) now: Timestamp,
    pub(crate) zone: &'a Zone,
    /// The strategy that is told.
    pub(crate) strategy: &'a str,
    /// The store's secret for pseudonyms.
    pub(crate) secret: Option<&'a [u8; 32]>,
    pub(crate) screened: &'a ScreenedCatalogue,
    /// The day of `now`, once it is asked for.
    pub(crate) today: OnceCell<Option<Date>>,
}

impl Surroundings<'_> {
    /// The day of `now` in the policy's time zone.
    pub(super) fn today(&self) -> Option<Date> {
        *self.today.get_or_init(|| self.zone.day(self.now))
    }

    /// The products of a history that may be tied to whose it is, each with its event.
    pub(super) fn lines<'e>(
        &self,
        history: &'e HeldEvents<'_>,
    ) -> impl Iterator<Item = ViewEvent> + use<'e, '_> {
        let (screened, keeper) = (self.screened, history.keeper);
        let line = move |e: &'e HistoryEvent| {
            let (kind, at): (EventKind, Timestamp) = (e.kind, e.at);
            let lines = e.lines.iter().filter(move |l| screened.may_be_tied_to(keeper, l.item));
            lines.map(move |l| ViewEvent { kind, at, item: l.item, quantity: l.quantity })
        };
        history.events.iter().flat_map(move |e| line(e))
    }

    /// The column of an item field.
    pub(super) fn column(&self, item_field: &str) -> Option<usize> {
        self.screened.catalogue().schema().position(item_field)
    }
}
