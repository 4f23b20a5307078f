//! Every operator and word is held to the types that it takes: what can be of none of them fails on every
//! product, or never holds.

use std::sync::Arc;

use jardin_diagnostics::{Finding, did_you_mean};
use rhai::Expr;

use super::{
    Walk,
    abstracts::{Object, Origin, Value},
    value_type::{Types, ValueType},
};
use crate::{
    NamedValue,
    codes::{TEXT_IN_TEXT, TYPE_MISMATCH, UNDECLARED_CHOICE, UNKNOWN_SETTING},
    operators::Arithmetic,
    vocabulary::{Function, Takes},
};

/// A value beside the expression that it comes from.
pub(super) type Typed<'e> = (&'e Value, &'e Expr);

impl Walk<'_> {
    /// `a < b` and its like: two numbers, two texts, two dates or two times.
    pub(super) fn check_order(&mut self, a: Typed<'_>, b: Typed<'_>) {
        self.note_held_number(a.1, b.1);
        self.note_held_number(b.1, a.1);
        let ordered = Types::NUMBER.or(Types::TEXT).or(Types::DATE).or(Types::TIME);
        let (x, y) = (a.0.own.types, b.0.own.types);
        if x.is_none() || y.is_none() || x.and(ordered).meets(y.and(ordered)) {
            return;
        }
        self.mismatch(a, b, "they have no order");
    }

    /// `a == b`: one type, and one text that both may be.
    pub(super) fn check_equal(&mut self, a: Typed<'_>, b: Typed<'_>) {
        self.note_named(a.0, b.1);
        self.note_named(b.0, a.1);
        if self.is_unset(a) || self.is_unset(b) || a.0.own.types.is_none() || b.0.own.types.is_none() {
            return;
        }
        if !a.0.own.types.meets(b.0.own.types) {
            self.mismatch(a, b, "they are never equal");
        } else if !a.0.own.may_equal(&b.0.own) {
            self.never_equal(a, b);
        }
    }

    /// `x in list`: a list of such values, a range of numbers, a text or a table with texts as keys.
    pub(super) fn check_member(&mut self, list: Typed<'_>, x: Typed<'_>) {
        let (whole, part) = (&list.0.own.types, &x.0.own);
        // what a text is looked for within need not be all of it
        if whole.meets(Types::LIST) {
            self.note_named(list.0, x.1);
        }
        if let Expr::Array(texts, _) = list.1 {
            texts.iter().for_each(|text| self.note_named(x.0, text));
        }
        if self.is_unset(list) || whole.is_none() || part.types.is_none() {
            return;
        }
        if part.types.meets(Types::TEXT) && is_literal_text(list.1) && x.0.origin == Origin::Data {
            let (text, field) = (self.shown(list.1), self.shown(x.1));
            let help = format!("write `{field} == {text}`, or `{field} in [{text}]`");
            let message = format!("`in` looks for `{field}` within the text `{text}`");
            self.add_finding(TEXT_IN_TEXT, list.1.start_position(), message, Some(help));
        }
        let in_list = whole.meets(Types::LIST)
            && (list.0.element.types.is_none() || list.0.element.types.meets(part.types));
        let in_range = whole.meets(Types::RANGE) && part.types.meets(Types::NUMBER);
        let in_text = whole.meets(Types::TEXT.or(Types::TABLE)) && part.types.meets(Types::TEXT);
        if !(in_list || in_range || in_text) {
            self.mismatch(x, list, "one is never in the other");
        } else if whole.is_within(Types::LIST)
            && !list.0.element.types.is_none()
            && !list.0.element.may_equal(part)
        {
            let element = Value { own: list.0.element.clone(), ..list.0.clone() };
            self.never_equal(x, (&element, list.1));
        }
    }

    /// `a + b` and its like: what it gives.
    pub(super) fn check_sum(&mut self, op: Arithmetic, a: Typed<'_>, b: Typed<'_>) -> ValueType {
        if a.0.own.types.is_none() || b.0.own.types.is_none() {
            return ValueType::ANY;
        }
        let given = a.0.own.calculate(op, &b.0.own);
        if given.is_none() {
            self.mismatch(a, b, "they cannot be calculated with");
        }
        given.unwrap_or(ValueType::ANY)
    }

    /// A value that must be of one of some types; false where it cannot be.
    pub(super) fn check_type(&mut self, value: Typed<'_>, wanted: Types, what: &str) -> bool {
        let types = value.0.own.types;
        if types.is_none() || types.meets(wanted) {
            return true;
        }
        let (shown, is) = (self.shown(value.1), types.words());
        let message = format!("{what} {}, and `{shown}` is {is}", wanted.words());
        let help = self.help_for_type(value, wanted);
        self.add_finding_over(TYPE_MISMATCH, value.1, message, help);
        false
    }

    /// A border of a range: settings and fields are decimal, whatever stands in them.
    pub(super) fn check_border(&mut self, value: Typed<'_>) {
        let types = value.0.own.types;
        if types.is_none() || types.meets_exactly(Types::WHOLE) {
            return;
        }
        let shown = self.shown(value.1);
        let message = format!("a range goes from one whole number to another, and `{shown}` is not one");
        let help = "write `x >= a && x <= b`: numbers of fields and settings are decimal".to_owned();
        self.add_finding_over(TYPE_MISMATCH, value.1, message, Some(help));
    }

    /// The type of a word's argument; false where it takes another.
    pub(super) fn check_argument(&mut self, word: &str, takes: &Takes, value: Typed<'_>) -> bool {
        let wanted = match takes {
            Takes::Factor(_) | Takes::Count(_) | Takes::Share | Takes::Number => Types::NUMBER,
            Takes::ListLimit(_) | Takes::ListShare => Types::NUMBER,
            Takes::Text => Types::TEXT,
            Takes::Date => Types::DATE.or(Types::TIME),
            Takes::Countable => Types::TEXT.or(Types::LIST),
            _ => return true,
        };
        self.check_type(value, wanted, &format!("`{word}` takes"))
    }

    /// Notes that a field of the candidate is held to a text of the script's own; what a choice may be the policy
    /// says, and the catalogue what any other text may be.
    pub(super) fn note_named(&mut self, value: &Value, text: &Expr) {
        let place = value.place.as_ref().filter(|p| p.object == Object::Candidate && !value.own.is_choice);
        let (Some(field), Expr::StringConstant(written, _)) = (place.and_then(|p| p.field.clone()), text)
        else {
            return;
        };
        let named =
            NamedValue { field, text: written.as_str().into(), is_pinned: false, span: self.span_of(text) };
        self.named.insert(named);
    }

    /// A setting that nothing sets is `()`, and a comparison with it says something else than it seems to.
    pub(super) fn is_unset(&mut self, (value, expr): Typed<'_>) -> bool {
        let Some(place) = value.place.clone().filter(|p| p.object == Object::Settings) else {
            return false;
        };
        if !value.own.types.is_none() {
            return false;
        }
        let span = self.span_of(expr);
        let is_misspelt =
            |f: &Finding| f.code == UNKNOWN_SETTING && span.start <= f.span.start && f.span.end <= span.end;
        if self.findings.iter().any(is_misspelt) {
            return true;
        }
        let name = place.field.unwrap_or_default();
        let help = self.setting_line(&name, "…");
        let message = format!("no setting `{name}` is set, and it counts as `()`");
        self.add_finding_over(UNKNOWN_SETTING, expr, message, Some(help));
        true
    }

    /// A field by its name, anything else as it is written.
    fn shown_value(&self, (value, expr): Typed<'_>) -> String {
        value.place.as_ref().map_or_else(|| self.shown(expr), ToString::to_string)
    }

    fn mismatch(&mut self, a: Typed<'_>, b: Typed<'_>, why: &str) {
        let [x, y] = [a, b].map(|one| (self.shown_value(one), one.0.own.types.words()));
        let message = format!("`{}` is {} and `{}` is {}: {why}", x.0, x.1, y.0, y.1);
        let help = self.help_for_pair(a, b);
        self.add_finding_over(TYPE_MISMATCH, a.1, message, help);
    }

    /// A declared choice and a text that it never is.
    fn never_equal(&mut self, a: Typed<'_>, b: Typed<'_>) {
        let (field, other) = if a.0.own.is_choice { (a, b) } else { (b, a) };
        if !field.0.own.is_choice {
            return;
        }
        let words = |value: &Value| value.own.texts.iter().flatten().cloned().collect::<Vec<_>>();
        let (known, never) = (words(field.0), words(other.0));
        let listed =
            |words: &[Arc<str>]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let message = format!("`{}` is never {}", self.shown_value(field), listed(&never));
        let near = never
            .first()
            .and_then(|word| did_you_mean(word, known.iter().map(|known| &**known)).map(str::to_owned));
        let help = near.map_or_else(
            || format!("it is one of {}", listed(&known)),
            |near| format!("did you mean `{near}`? It is one of {}", listed(&known)),
        );
        self.add_finding_over(UNDECLARED_CHOICE, other.1, message, Some(help));
    }
}

/// The type of what a plain function gives.
pub(super) const fn given_by(word: Function) -> ValueType {
    match word {
        Function::ToUpper | Function::ToLower => ValueType::TEXT,
        Function::Len => ValueType::plain(Types::WHOLE),
        Function::IsEmpty | Function::Contains | Function::StartsWith | Function::EndsWith => {
            ValueType::plain(Types::FLAG)
        }
        Function::Abs
        | Function::Floor
        | Function::Ceil
        | Function::Round
        | Function::Sqrt
        | Function::Min
        | Function::Max
        | Function::DaysSince
        | Function::DaysUntil => ValueType::plain(Types::DECIMAL),
    }
}

const fn is_literal_text(expr: &Expr) -> bool {
    matches!(expr, Expr::StringConstant(..))
}
