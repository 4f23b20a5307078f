//! Numbers that a script holds fields of products to, and how long a list its rules of the page need: whether a shop has
//! such products and such lists, its catalogue and its placements say.

use std::sync::Arc;

use rhai::{Expr, FnCallExpr};

use super::{
    Walk,
    abstracts::{Abstract, Object},
    words::constant_number,
};
use crate::{
    HeldNumber, NeededPlaces,
    codes::OUT_OF_RANGE,
    parsed::{Step, chain_of},
    vocabulary::PageWord,
};

impl Walk<'_> {
    /// `item.field < number`: notes the number, as the script, jardin.toml and each campaign write it.
    pub(super) fn note_held_number(&mut self, field: &Expr, number: &Expr) {
        let Some(field) = self.field_of_candidate(field) else {
            return;
        };
        for one in self.numbers_of(number) {
            let held = HeldNumber {
                field: Arc::clone(&field),
                written: self.shown(number).into(),
                number: one,
                span: self.span_of(number),
            };
            if !self.held_numbers.contains(&held) {
                self.held_numbers.push(held);
            }
        }
    }

    /// The field in `item.field` and in `item.field ?? otherwise`.
    fn field_of_candidate(&self, expr: &Expr) -> Option<Arc<str>> {
        let expr = match expr {
            Expr::Coalesce(parts, _) => parts.first()?,
            other => other,
        };
        let (Expr::Variable(names, ..), steps) = chain_of(expr)? else {
            return None;
        };
        let [Step::Property(name, _)] = steps[..] else {
            return None;
        };
        let is_candidate = self.state.variable_named(&names.1) == Some(&Abstract::Item(Object::Candidate));
        is_candidate.then(|| name.into())
    }

    /// The numbers that an expression may be: a literal, or a setting.
    fn numbers_of(&self, expr: &Expr) -> Vec<f64> {
        constant_number(expr).map_or_else(|| self.setting_numbers(expr), |number| vec![number])
    }

    /// Notes how long a list `at_least`, `slot` and `pin` need to do anything.
    pub(super) fn note_needed_places(&mut self, call: &FnCallExpr) {
        let word = PageWord::from_name(&call.name);
        let (Some(word @ (PageWord::AtLeast | PageWord::Slot | PageWord::Pin)), Some(first)) =
            (word, call.args.first())
        else {
            return;
        };
        let Some(places) = self.numbers_of(first).into_iter().reduce(f64::min) else {
            return;
        };
        let top = call.args.get(3).filter(|_| word == PageWord::AtLeast);
        let most = top.and_then(|top| self.numbers_of(top).into_iter().reduce(f64::max));
        if let Some(most) = most.filter(|most| places > *most) {
            let message = format!("`at_least` asks for {places} of the first {most} items");
            let help = format!("write a number up to {most}, or look at more items");
            self.add_finding_over(OUT_OF_RANGE, first, message, Some(help));
        } else {
            self.needed_places.push(NeededPlaces { word: word.name(), places, span: self.span_of(first) });
        }
    }
}
