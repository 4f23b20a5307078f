//! The most frequent values of an item field in a history or list of items.

use std::sync::Arc;

use jardin_model::{Cell, FieldType, ItemIndex, Symbol, Timestamp};

use super::{
    figures::{Figure, FigureKind, Figures},
    form::{Form, Held, Surroundings},
};
use crate::{language::Language, runtime::ViewValue};

const K: Figure = Figure::whole("k", 1, 1000, 2.0);
const OF: Figure = Figure::of("of", FigureKind::ItemField);

/// The most frequent values of an item field in a history or list of items.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Top{
    /// How many.
    k: usize,
    /// The item field.
    of: Arc<str>,
}

impl Form for Top {
    const WORD: &'static str = "top";
    const TAKES: &'static str = "events, items";
    const GIVES: &'static str = "texts: by count, then most recent, then name";
    const FIGURES: &'static [Figure] = &[K, OF];
    const FOLLOWS_FROM_ALL: bool = false;

    fn type_of(kind: FieldType) -> Option<FieldType> {
        matches!(kind, FieldType::Events | FieldType::Items).then_some(FieldType::Texts)
    }

    fn without_figures() -> Option<Self> {
        None
    }

    fn with_figures(figures: &Figures<'_, '_>) -> Option<Self> {
        let k = usize::try_from(figures.whole(&K)?).ok()?;
        Some(Self { k, of: figures.item_field(&OF, is_named)? })
    }

    fn apply_to(&self, held: Option<Held<'_>>, around: &Surroundings<'_>) -> Option<ViewValue> {
        match held? {
            Held::Events(events) => self.rank(around.lines(&events).map(|e| (e.item, e.at)), around),
            Held::Value(ViewValue::Items(items)) => {
                self.rank(items.iter().map(|item| (*item, around.now)), around)
            }
            Held::Value(_) => None,
        }
    }

    fn item_field(&self) -> Option<&Arc<str>> {
        Some(&self.of)
    }

    fn possible_choices(&self, _choices: &[Arc<str>]) -> Vec<Arc<str>> {
        Vec::new()
    }

    fn follows_from(&self, old: &Self) -> bool {
        self.k <= old.k && self.of == old.of
    }

    fn describe_in(&self, language: Language) -> String {
        let Self { k, of } = self;
        match language {
            Language::English => format!("the {k} most frequent values of \"{of}\""),
            Language::French => format!("les {k} valeurs les plus fréquentes de « {of} »"),
            Language::German => format!("die {k} häufigsten Werte von „{of}“"),
        }
    }

    fn short_text(&self) -> String {
        format!("top {}", self.k)
    }
}

impl Top {
    /// By count, then the most recent, then the name.
    fn rank(
        &self,
        items: impl Iterator<Item = (ItemIndex, Timestamp)>,
        around: &Surroundings<'_>,
    ) -> Option<ViewValue> {
        let column = around.column(&self.of)?;
        let catalogue = around.screened.catalogue();
        let mut seen: Vec<(Symbol, Timestamp)> = Vec::new();
        for (item, at) in items {
            match catalogue.row(item).map(|row| row.cell(column)) {
                Some(Cell::Text(symbol, _)) => seen.push((symbol, at)),
                Some(Cell::Texts(symbols)) => seen.extend(symbols.iter().map(|symbol| (*symbol, at))),
                _ => {}
            }
        }
        seen.sort_unstable();
        let one = |same: &[(Symbol, Timestamp)]| {
            let (symbol, latest) = same.last()?;
            Some((same.len(), *latest, catalogue.dictionary().text(*symbol)?))
        };
        let mut ranked: Vec<(usize, Timestamp, &Arc<str>)> =
            seen.chunk_by(|(a, _), (b, _)| a == b).filter_map(one).collect();
        ranked.sort_unstable_by(|(na, ta, a), (nb, tb, b)| nb.cmp(na).then(tb.cmp(ta)).then(a.cmp(b)));
        let texts: Vec<Arc<str>> =
            ranked.into_iter().take(self.k).map(|(_, _, text)| Arc::clone(text)).collect();
        (!texts.is_empty()).then(|| ViewValue::Texts(texts.into()))
    }
}

const fn is_named(kind: FieldType) -> bool {
    matches!(kind, FieldType::Id | FieldType::Text | FieldType::Texts | FieldType::Choice)
}

