//! Cuts out of an event what may never be tied to a person, and keeps the rest.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Event, FieldType, ItemId, Line, Money, Value};

use super::{ScreenedCatalogue, rejection::Rejection};
use crate::{
    Policy,
    rules::{FieldId, is_listed},
};

/// What an event's lines amount to, and what one unit of a line costs: GA4's names.
const VALUE: &str = "value";
const PRICE: &str = "price";

/// What was cut out of an event.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// How many lines.
    pub(super) lines: usize,
    /// True where the event's value went too, because what is left of it cannot be told.
    pub(super) value: bool,
}

impl Policy {
    /// Cuts the lines of `[never]` out of an event, and makes its value that of the lines that stay.
    ///
    /// # Errors
    /// [`Rejection::Never`] where no line stays, or where the event itself says what `[never]` names.
    pub(super) fn cut_never_lines(
        &self,
        event: &mut Event,
        screened: &ScreenedCatalogue,
    ) -> Result<Cut, Rejection> {
        let before = event.lines.len();
        event
            .lines
            .retain(|line| !self.is_never_item(&line.item, screened) && !self.names_never(&line.fields));
        let lines = before - event.lines.len();
        if self.names_never(&event.fields) || lines > 0 && event.lines.is_empty() {
            return Err(Rejection::Never);
        }
        let value = lines > 0 && !recompute_value(event);
        Ok(Cut { lines, value })
    }

    /// True for a product of `[never]`: by the catalogue, or by its id. One that the catalogue does not know
    /// yet is looked at again when it does.
    pub(super) fn is_never_item(&self, item: &ItemId, screened: &ScreenedCatalogue) -> bool {
        let listed = &self.rules().never.items;
        let mut by_id = listed.iter().filter(|(id, _)| self.is_id(*id));
        by_id.any(|(_, values)| is_listed(item.as_str(), values))
            || screened.catalogue().find_row(item).is_some_and(|row| screened.is_never(row.index()))
    }

    fn is_id(&self, field: FieldId) -> bool {
        self.rules().field(field).is_some_and(|f| f.kind == FieldType::Id)
    }

    /// True where fields themselves say what `[never]` names, as a line with `category = "pharmacy"` does of
    /// a product yet unknown. A text counts whole and by its parts between commas: `spicy, pharmacy`.
    fn names_never(&self, fields: &BTreeMap<Arc<str>, Value>) -> bool {
        let rules = self.rules();
        rules.never.items.iter().any(|(id, values)| {
            let is_never = |text: &str| {
                is_listed(text, values) || text.split([',', ';']).any(|part| is_listed(part, values))
            };
            match rules.field(*id).and_then(|field| fields.get(&field.path.name)) {
                Some(Value::Text(text)) => is_never(text),
                Some(Value::Texts(texts)) => texts.iter().any(|text| is_never(text)),
                Some(Value::Item(item)) => is_never(item.as_str()),
                Some(Value::Items(items)) => items.iter().any(|item| is_never(item.as_str())),
                _ => false,
            }
        })
    }
}

/// Makes an event's value the sum of its lines' prices times their quantities, as GA4 defines it; false where
/// a line has no price in the same type, and the value went.
fn recompute_value(event: &mut Event) -> bool {
    let total = match event.fields.get(VALUE) {
        Some(Value::Money(_)) => sum_of_money(&event.lines).map(Value::Money),
        Some(Value::Number(_)) => sum_of_numbers(&event.lines).map(Value::Number),
        // no value, or one that the door drops by its type
        _ => return true,
    };
    match total {
        Some(total) => event.fields.insert(VALUE.into(), total),
        None => event.fields.remove(VALUE),
    };
    event.fields.contains_key(VALUE)
}

fn sum_of_money(lines: &[Line]) -> Option<Money> {
    let mut prices = lines.iter().map(|line| match line.fields.get(PRICE) {
        Some(Value::Money(price)) => price.ten_thousandths().checked_mul(i64::from(line.quantity)),
        _ => None,
    });
    let total = prices.try_fold(0_i64, |sum, price| sum.checked_add(price?))?;
    Some(Money::from_ten_thousandths(total))
}

fn sum_of_numbers(lines: &[Line]) -> Option<f64> {
    let mut prices = lines.iter().map(|line| match line.fields.get(PRICE) {
        Some(Value::Number(price)) => Some(price * f64::from(line.quantity)),
        _ => None,
    });
    prices.try_fold(0.0, |sum, price| Some(sum + price?)).filter(|total: &f64| total.is_finite())
}

#[cfg(test)]
mod tests {
    use jardin_model::{EventKind, Timestamp};

    use super::*;

    fn money(text: &str) -> Value {
        Value::Money(text.parse().unwrap())
    }

    fn value_after(value: Value, lines: &[(u32, Option<Value>)]) -> Option<Value> {
        let line = |(quantity, price): &(u32, Option<Value>)| Line {
            item: ItemId::new("a").unwrap(),
            quantity: *quantity,
            fields: price.iter().map(|price| (PRICE.into(), price.clone())).collect(),
        };
        let mut event = Event {
            id: None,
            kind: EventKind::Purchase,
            occurred_at: Timestamp::from_ms(0),
            subject: None,
            session: None,
            recommendation: None,
            lines: lines.iter().map(line).collect(),
            fields: [(VALUE.into(), value)].into(),
        };
        let is_told = recompute_value(&mut event);
        assert_eq!(is_told, event.fields.contains_key(VALUE));
        event.fields.remove(VALUE)
    }

    #[test]
    fn a_value_is_that_of_the_lines_that_stay() {
        let (two, one) = ((2, Some(money("9.90"))), (1, Some(money("0.05"))));
        assert_eq!(value_after(money("99.00"), &[two.clone(), one]), Some(money("19.85")));
        let numbers = [(2, Some(Value::Number(1.5))), (3, Some(Value::Number(0.25)))];
        assert_eq!(value_after(Value::Number(99.0), &numbers), Some(Value::Number(3.75)));
        assert_eq!(value_after(money("99.00"), &[two.clone(), (1, None)]), None, "a line has no price");
        assert_eq!(value_after(Value::Number(99.0), &[two]), None, "prices of another type");
        let high = (u32::MAX, Some(Value::Money(Money::from_ten_thousandths(i64::MAX))));
        assert_eq!(value_after(money("99.00"), &[high]), None, "no sum can hold it");
    }
}
