//! The digits of an amount: which mark stands before its decimals.

use jardin_model::Money;

use super::{PriceFault, locale::Locale};

/// Blanks and apostrophes, which stand between thousands and nowhere else.
const GROUPS_ONLY: [char; 5] = [' ', '\u{a0}', '\u{202f}', '\'', '\u{2019}'];

/// How the numbers of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberStyle {
    /// As a locale has it; anything else is refused.
    Of(Locale),
    /// This mark stands before the decimals wherever the column's numbers leave no doubt.
    Seen(char),
    /// Each number speaks for itself, and one that may be read in two ways is refused.
    Unseen,
}

/// Which mark stands before the decimals of a number that can be read in one way alone; `None` where it has none, or
/// may be read in two ways.
pub(super) fn find_decimal_mark(number: &str, places: usize) -> Option<char> {
    match find_marks(number, places) {
        Marks::Decimal(mark) => Some(mark),
        Marks::Whole | Marks::Ambiguous(_) => None,
    }
}

/// Reads digits with the marks between them as an amount of so many decimals.
pub(super) fn read_number(number: &str, places: usize, style: NumberStyle) -> Result<Money, PriceFault> {
    let (decimal, groups): (Option<char>, &[char]) = match style {
        NumberStyle::Of(locale) => (Some(locale.decimal), locale.groups),
        NumberStyle::Seen(_) | NumberStyle::Unseen => {
            let decimal = decide(find_marks(number, places), places, style)?;
            (decimal, &['.', ',', ' ', '\u{a0}', '\u{202f}', '\'', '\u{2019}'])
        }
    };
    let (whole, decimals) = match decimal.and_then(|mark| number.rsplit_once(mark)) {
        Some((whole, decimals)) => (whole, decimals),
        None => (number, ""),
    };
    let whole = join_groups(whole, groups).ok_or(PriceFault::Unreadable)?;
    write_amount(&whole, decimals, places)
}

/// What the marks of a number say.
enum Marks {
    /// There are no decimals.
    Whole,
    /// This one stands before the decimals.
    Decimal(char),
    /// It may stand before decimals or between thousands.
    Ambiguous(char),
}

fn find_marks(number: &str, places: usize) -> Marks {
    let marks: Vec<(usize, char)> = number.char_indices().filter(|(_, c)| matches!(c, '.' | ',')).collect();
    let (Some((_, first)), Some((at, last))) = (marks.first(), marks.last()) else { return Marks::Whole };
    let behind = number.get(at + 1..).map_or(0, str::len);
    let before = number.get(..*at).unwrap_or_default();
    if first != last {
        return Marks::Decimal(*last);
    }
    if marks.len() > 1 {
        return Marks::Whole;
    }
    let is_grouped = before.contains(GROUPS_ONLY);
    let is_no_thousands = behind != 3 || before.len() > 3 || before.starts_with('0') || is_grouped;
    match places {
        _ if is_no_thousands => Marks::Decimal(*last),
        0 => Marks::Whole,
        _ => Marks::Ambiguous(*last),
    }
}

/// The mark before the decimals. A point before as many digits as the currency has decimals is one: so feeds write it.
fn decide(marks: Marks, places: usize, style: NumberStyle) -> Result<Option<char>, PriceFault> {
    match (marks, style) {
        (Marks::Whole, _) => Ok(None),
        (Marks::Decimal(mark), _) => Ok(Some(mark)),
        (Marks::Ambiguous(mark), NumberStyle::Seen(seen)) => Ok((mark == seen).then_some(mark)),
        (Marks::Ambiguous('.'), _) if places == 3 => Ok(Some('.')),
        (Marks::Ambiguous(_), _) => Err(PriceFault::Ambiguous),
    }
}

/// Digits without the marks between thousands; `None` where these stand elsewhere or are not all the same.
fn join_groups(whole: &str, groups: &[char]) -> Option<String> {
    let mut marks = whole.chars().filter(|c| !c.is_ascii_digit());
    let mark = marks.next();
    if mark.is_some_and(|mark| !groups.contains(&mark)) || marks.any(|other| Some(other) != mark) {
        return None;
    }
    let mut parts = whole.split(|c: char| !c.is_ascii_digit());
    let first = parts.next()?;
    let is_first = !first.is_empty() && (mark.is_none() || first.len() <= 3);
    let mut joined = first.to_owned();
    for part in parts {
        if part.len() != 3 {
            return None;
        }
        joined.push_str(part);
    }
    is_first.then_some(joined)
}

fn write_amount(whole: &str, decimals: &str, places: usize) -> Result<Money, PriceFault> {
    if !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return Err(PriceFault::Unreadable);
    }
    let (kept, beyond) = decimals.split_at_checked(places).unwrap_or((decimals, ""));
    if beyond.bytes().any(|b| b != b'0') {
        return Err(PriceFault::TooManyDecimals);
    }
    let amount = if kept.is_empty() { whole.to_owned() } else { format!("{whole}.{kept}") };
    amount.parse().map_err(|_| PriceFault::Unreadable)
}
