//! Functions of plain values.

use super::signature::words;

words! {
    /// A function of plain values.
    Function on Value {
        DaysSince = "days_since"(date: Takes::Date) -> "?" | "days_since(date)" | "Days since a date; `()` without one.";
        DaysUntil = "days_until"(date: Takes::Date) -> "?" | "days_until(date)" | "Days until a date; `()` without one.";
        Abs = "abs"(x: Takes::Number) -> "float" | "abs(x)" | "Without its sign.";
        Floor = "floor"(x: Takes::Number) -> "float" | "floor(x)" | "Rounded down.";
        Ceil = "ceil"(x: Takes::Number) -> "float" | "ceil(x)" | "Rounded up.";
        Round = "round"(x: Takes::Number) -> "float" | "round(x)" | "Rounded to the nearest.";
        Sqrt = "sqrt"(x: Takes::Number) -> "float" | "sqrt(x)" | "The square root.";
        Min = "min"(x: Takes::Number, y: Takes::Number) -> "float" | "min(x, y)" | "The lesser.";
        Max = "max"(x: Takes::Number, y: Takes::Number) -> "float" | "max(x, y)" | "The greater.";
        Len = "len"(x: Takes::Countable) -> "int" | "len(x)" | "How many.";
        IsEmpty = "is_empty"(x: Takes::Countable) -> "bool" | "is_empty(x)" | "True of nothing.";
        Contains = "contains"(x: Takes::Anything, y: Takes::Anything) -> "bool" | "contains(x, y)" | "True where y is in x.";
        StartsWith = "starts_with"(x: Takes::Text, y: Takes::Text) -> "bool" | "starts_with(x, y)" | "True where x begins with y.";
        EndsWith = "ends_with"(x: Takes::Text, y: Takes::Text) -> "bool" | "ends_with(x, y)" | "True where x ends with y.";
        ToUpper = "to_upper"(x: Takes::Text) -> "String" | "to_upper(x)" | "In capitals.";
        ToLower = "to_lower"(x: Takes::Text) -> "String" | "to_lower(x)" | "In small letters.";
    }
}

impl Function {
    /// True where it counts, so that a basket or history may be given whole.
    pub(crate) fn counts(self) -> bool {
        self.signature().parameters.iter().any(|p| p.takes == super::Takes::Countable)
    }

    /// True where `()` may be given, and may come back.
    pub(crate) fn takes_absent(self) -> bool {
        self.signature().parameters.iter().any(|p| p.takes == super::Takes::Date)
    }
}
