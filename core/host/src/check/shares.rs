//! Numbers that are shares for nearly every product, and written as percentages for a few.

use std::{collections::BTreeMap, sync::Arc};

use jardin_diagnostics::{Finding, Span};
use jardin_model::{Item, Value};

use crate::{codes::ITEM_DOUBTFUL, counted};

/// How many products have a share for each one that may be a mistake.
const MIN_SHARES: usize = 4;

/// What a percentage of a shop is; below lie figures that are no shares, such as weights.
const PERCENTAGES: std::ops::RangeInclusive<f64> = 5.0..=100.0;

/// The number fields of a catalogue.
#[derive(Default)]
pub(super) struct FieldShares(BTreeMap<Arc<str>, SharesOfField>);

#[derive(Default)]
struct SharesOfField {
    /// How many products have a number from 0 to 1.
    within: usize,
    has_fractions: bool,
    /// How many have a percentage, and the first of them with its line.
    percentages: usize,
    first: Option<(usize, Arc<str>)>,
    /// Whether any has one that is neither.
    has_others: bool,
}

impl FieldShares {
    /// Counts the numbers of a product in a line, from 0.
    pub(super) fn add_item(&mut self, index: usize, item: &Item) {
        for (name, value) in &item.fields {
            let Value::Number(number) = value else { continue };
            let field = self.0.entry(Arc::clone(name)).or_default();
            if (0.0..=1.0).contains(number) {
                field.within += 1;
                field.has_fractions |= number.fract() != 0.0;
            } else if PERCENTAGES.contains(number) {
                field.percentages += 1;
                field.first.get_or_insert_with(|| (index, item.id.shared()));
            } else {
                field.has_others = true;
            }
        }
    }

    /// Fields of shares in which some products have a percentage. A field may be confidential: no value is told.
    pub(super) fn find_percentages(&self) -> Vec<Finding> {
        let doubtful = self.0.iter().filter(|(_, field)| {
            let is_share = field.has_fractions && !field.has_others;
            is_share && field.within >= MIN_SHARES * field.percentages
        });
        let finding = |(name, field): (&Arc<str>, &SharesOfField)| {
            let (index, id) = field.first.as_ref()?;
            let shares = counted(field.within, "product");
            let message = format!(
                "`{name}` of `{}` in line {} is above 1, and of {shares} a share from 0 to 1",
                crate::escape_controls(id),
                index + 1
            );
            let help = Some("write `0.31` for 31 %".to_owned());
            Some(Finding { code: ITEM_DOUBTFUL, span: Span::default(), message, help })
        };
        doubtful.filter_map(finding).collect()
    }
}
