//! Cuts out of an event what may not be tied to whom it is kept under, and keeps the rest.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::{Event, FieldType, ItemId, Line, Money, Value};

use super::{KeptUnder, ScreenedCatalogue, admit::Dropped, screened_catalogue::Tie};
use crate::{
    Policy,
    rules::{FieldId, ListedItems, is_listed},
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
    value: bool,
}

impl Cut {
    /// Names what was cut by a rule.
    pub(super) fn note(&self, rule: &'static str, dropped: &mut Dropped) {
        if self.lines > 0 {
            dropped.note(rule, &Arc::from("items"));
        }
        if self.value {
            dropped.note(rule, &Arc::from("value"));
        }
    }
}

impl Policy {
    /// Cuts the lines out of an event that may not be kept so, and makes its value that of the lines that stay.
    pub(super) fn cut_lines(
        &self,
        event: &mut Event,
        keeper: KeptUnder,
        screened: &ScreenedCatalogue,
    ) -> Cut {
        let before = event.lines.len();
        event.lines.retain(|line| self.tie_of_line(line, screened) >= keeper.least_tie());
        let lines = before - event.lines.len();
        Cut { lines, value: lines > 0 && !recompute_value(event) }
    }

    /// To whom an event may be tied: by what it says itself, and by its lines, of which one is enough.
    pub(super) fn tie_of_event(&self, event: &Event, screened: &ScreenedCatalogue) -> Tie {
        let of_lines = event.lines.iter().map(|line| self.tie_of_line(line, screened)).max();
        self.tie_of_fields(&event.fields).min(of_lines.unwrap_or(Tie::Person))
    }

    fn tie_of_line(&self, line: &Line, screened: &ScreenedCatalogue) -> Tie {
        self.tie_of_item(&line.item, screened).min(self.tie_of_fields(&line.fields))
    }

    /// To whom a product may be tied: by the catalogue, or by its id. One that the catalogue does not know yet is
    /// looked at again when it does.
    pub(super) fn tie_of_item(&self, item: &ItemId, screened: &ScreenedCatalogue) -> Tie {
        let by_id = self.tie_by(|listed| {
            let mut of_ids = listed.iter().filter(|(id, _)| self.is_id(*id));
            of_ids.any(|(_, values)| is_listed(item.as_str(), values))
        });
        let known = screened.catalogue().find_row(item).map(|row| screened.tie(row.index()));
        known.map_or(by_id, |known| known.min(by_id))
    }

    fn tie_by(&self, names: impl Fn(&ListedItems) -> bool) -> Tie {
        if names(&self.rules().never.items) {
            Tie::Nobody
        } else if names(&self.rules().discreet) {
            Tie::Visit
        } else {
            Tie::Person
        }
    }

    fn is_id(&self, field: FieldId) -> bool {
        self.rules().field(field).is_some_and(|f| f.kind == FieldType::Id)
    }

    /// By what fields themselves say, as a line with `category = "pharmacy"` does of a product yet unknown. A text
    /// counts whole and by its parts between commas: `spicy, pharmacy`.
    fn tie_of_fields(&self, fields: &BTreeMap<Arc<str>, Value>) -> Tie {
        let says = |listed: &ListedItems| {
            listed.iter().any(|(id, values)| {
                let is_one = |text: &str| {
                    is_listed(text, values) || text.split([',', ';']).any(|part| is_listed(part, values))
                };
                match self.rules().field(*id).and_then(|field| fields.get(&field.path.name)) {
                    Some(Value::Text(text)) => is_one(text),
                    Some(Value::Texts(texts)) => texts.iter().any(|text| is_one(text)),
                    Some(Value::Item(item)) => is_one(item.as_str()),
                    Some(Value::Items(items)) => items.iter().any(|item| is_one(item.as_str())),
                    _ => false,
                }
            })
        };
        self.tie_by(says)
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
