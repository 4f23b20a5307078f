//! How the prices of a file are written and in which currency, as its first rows show it.

use std::collections::BTreeSet;

use jardin_model::Currency;

use super::{Form, Record, columns::FileColumns};
use crate::price::{NumberStyle, find_currency, find_decimal_mark};

/// Finds how each column of amounts is written where no locale says it: by the one mark that stands before decimals in
/// all cells that can be read in one way alone.
pub(super) fn find_styles(columns: &mut FileColumns<'_>, sample: &[Record], own: Option<Currency>) {
    for (place, column) in columns.money_columns() {
        if matches!(column.style, NumberStyle::Of(_)) {
            continue;
        }
        let cells = sample.iter().flat_map(|record| &record.cells).filter(|(at, _)| *at == place);
        let marks: BTreeSet<char> = cells.filter_map(|(_, text)| find_decimal_mark(text, own)).collect();
        column.style = match (marks.len(), marks.first()) {
            (1, Some(mark)) => NumberStyle::Seen(*mark),
            _ => NumberStyle::Unseen,
        };
    }
}

/// The currencies that the prices name.
pub(super) fn find_currencies(columns: &FileColumns<'_>, sample: &[Record]) -> BTreeSet<Currency> {
    let is_price = |place: usize| {
        columns.get(place).is_some_and(|column| column.form == Form::Money && column.field.is_some())
    };
    let cells = sample.iter().flat_map(|record| &record.cells).filter(|(place, _)| is_price(*place));
    cells.filter_map(|(_, text)| find_currency(text)).collect()
}
