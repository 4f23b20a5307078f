//! How a cell becomes a value.

use std::borrow::Cow;

use jardin_model::{Date, Timestamp};
use serde_json::{Map, Value};

use super::{availability::Availability, cell_fault::CellFault};

/// How a cell becomes a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// The id of the item, as it is written.
    ItemId,
    /// A text.
    Text,
    /// Texts with this between them.
    Texts(Cow<'static, str>),
    /// Paths with `>` between their steps, and this between paths; the first is the field, all of them, where there are
    /// several, a field of their own.
    Category(Option<char>),
    /// An amount of the shop's currency.
    Money,
    /// A number without thousands, with a decimal point.
    Number,
    /// Yes or no.
    Flag,
    /// Whether it can be bought, in a word.
    Availability,
    /// An instant, or a day, which stands for its first instant in UTC.
    Time,
    /// Two instants with `/` between them: fields that end in `_starts` and `_ends`.
    Period,
    /// A number of pieces; nothing of it means that there is no stock.
    Stock,
}

impl Form {
    /// The form that a mapping names.
    pub(crate) fn from_word(word: &str, separator: &str) -> Option<Self> {
        Some(match word {
            "text" => Self::Text,
            "texts" => Self::Texts(separator.to_owned().into()),
            "category" => Self::Category(separator.chars().next()),
            "money" => Self::Money,
            "number" => Self::Number,
            "flag" => Self::Flag,
            "time" => Self::Time,
            _ => return None,
        })
    }

    /// In words.
    pub(crate) fn describe_form(&self) -> String {
        match self {
            Self::ItemId => "the id, as text".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Texts(separator) => format!("texts, `{separator}` between them"),
            Self::Category(Some(separator)) => {
                format!("paths, `>` between steps, `{separator}` between paths")
            }
            Self::Category(None) => "a path, `>` between steps".to_owned(),
            Self::Money => "money".to_owned(),
            Self::Number | Self::Stock => "number".to_owned(),
            Self::Flag => "yes or no".to_owned(),
            Self::Availability => "a word of availability; `in_stock` is made of it".to_owned(),
            Self::Time => "an instant or a day".to_owned(),
            Self::Period => "two instants, `/` between them".to_owned(),
        }
    }

    /// True where several cells of the column belong together.
    pub(super) const fn takes_many(&self) -> bool {
        matches!(self, Self::Texts(_) | Self::Category(_))
    }
}

/// Puts what is no price into the fields of an item.
pub(super) fn put_value(
    fields: &mut Map<String, Value>,
    field: &str,
    form: &Form,
    texts: &[&str],
    word: &dyn Fn(&str) -> String,
) -> Result<(), CellFault> {
    let text = texts.first().copied().unwrap_or_default();
    let value = match form {
        Form::ItemId | Form::Text | Form::Money => Value::from(text),
        Form::Texts(separator) => split_texts(texts, separator).into(),
        Form::Category(separator) => return put_categories(fields, field, texts, *separator),
        Form::Number | Form::Stock => read_number(text).ok_or(CellFault::Number)?,
        Form::Flag => read_flag(text).ok_or(CellFault::Flag)?.into(),
        Form::Availability => {
            let availability = Availability::from_word(&word(text)).ok_or(CellFault::Availability)?;
            fields.insert("in_stock".to_owned(), availability.is_in_stock().into());
            availability.word().into()
        }
        Form::Time => read_time(text).ok_or(CellFault::Time)?.to_string().into(),
        Form::Period => {
            let (starts, ends) = text.split_once('/').ok_or(CellFault::Period)?;
            let (starts, ends) = (read_time(starts), read_time(ends));
            fields.insert(format!("{field}_starts"), starts.ok_or(CellFault::Period)?.to_string().into());
            fields.insert(format!("{field}_ends"), ends.ok_or(CellFault::Period)?.to_string().into());
            return Ok(());
        }
    };
    fields.insert(field.to_owned(), value);
    Ok(())
}

fn split_texts(texts: &[&str], separator: &str) -> Vec<String> {
    let parts = texts.iter().flat_map(|text| split_unescaped(text, separator));
    parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Takes a text apart at a separator; one behind a backslash is a letter of its part.
fn split_unescaped(text: &str, separator: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut goes_on = false;
    for piece in text.split(separator) {
        let (kept, is_escaped) = piece.strip_suffix('\\').map_or((piece, false), |kept| (kept, true));
        match parts.last_mut().filter(|_| goes_on) {
            Some(last) => *last += kept,
            None => parts.push(kept.to_owned()),
        }
        if is_escaped && let Some(last) = parts.last_mut() {
            last.push_str(separator);
        }
        goes_on = is_escaped;
    }
    parts
}

fn put_categories(
    fields: &mut Map<String, Value>,
    field: &str,
    texts: &[&str],
    separator: Option<char>,
) -> Result<(), CellFault> {
    let separator = separator.map(String::from);
    let split = |text: &&str| match &separator {
        Some(separator) => split_unescaped(text, separator),
        None => vec![(*text).to_owned()],
    };
    let paths = texts.iter().flat_map(split).map(|path| write_path(&path));
    let mut paths: Vec<String> = paths.filter(|path| !path.is_empty()).collect();
    let Some(first) = paths.first().cloned() else { return Ok(()) };
    fields.insert(field.to_owned(), first.into());
    if paths.len() > 1 {
        let mut seen = std::collections::BTreeSet::new();
        paths.retain(|path| seen.insert(path.clone()));
        let several =
            field.strip_suffix('y').map_or_else(|| format!("{field}s"), |stem| format!("{stem}ies"));
        fields.insert(several, paths.into());
    }
    Ok(())
}

/// Steps with ` > ` between them.
fn write_path(path: &str) -> String {
    let steps: Vec<&str> = path.split('>').map(str::trim).filter(|step| !step.is_empty()).collect();
    steps.join(" > ")
}

/// A whole number as one, any other as it is; neither `1E5` nor `0x10` is a number of a feed.
fn read_number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit())
        || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    {
        return None;
    }
    match text.parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) => serde_json::Number::from_f64(text.parse().ok()?).map(Value::Number),
    }
}

fn read_flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn read_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return jardin_model::Zone::utc().instant(day, 0);
    }
    Timestamp::parse(text).ok().or_else(|| read_short_time(text))
}

/// An instant without seconds, or with its offset written without a colon, as feeds write it: `2026-11-20T13:00-0800`.
fn read_short_time(text: &str) -> Option<Timestamp> {
    let at = text.rfind(['+', '-', 'Z']).filter(|at| *at > 10)?;
    let (time, offset) = text.split_at_checked(at)?;
    let seconds = if time.matches(':').count() == 1 { ":00" } else { "" };
    let offset = match offset.split_at_checked(3) {
        Some((hours, minutes)) if minutes.len() == 2 => format!("{hours}:{minutes}"),
        _ => offset.to_owned(),
    };
    Timestamp::parse(&format!("{time}{seconds}{offset}")).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_texts(form: &Form, texts: &[&str]) -> Result<Value, CellFault> {
        let mut fields = Map::new();
        put_value(&mut fields, "category", form, texts, &|word| word.to_owned())?;
        Ok(Value::Object(fields))
    }

    #[test]
    fn each_form_takes_what_feeds_write_and_nothing_else() {
        let category = Form::Category(Some(','));
        for (form, texts, value) in [
            (Form::Text, &["00123"][..], Ok(json!({"category": "00123"}))),
            (Form::Number, &["1E5"], Err(CellFault::Number)),
            (Form::Number, &["0x10"], Err(CellFault::Number)),
            (Form::Number, &["12.5"], Ok(json!({"category": 12.5}))),
            (Form::Stock, &["-2"], Ok(json!({"category": -2}))),
            (Form::Flag, &["TRUE"], Ok(json!({"category": true}))),
            (Form::Flag, &["maybe"], Err(CellFault::Flag)),
            (Form::Texts(",".into()), &["a, b,,", "c"], Ok(json!({"category": ["a", "b", "c"]}))),
            (category.clone(), &["Home >Garden>  Tools"], Ok(json!({"category": "Home > Garden > Tools"}))),
            (category.clone(), &["Tea\\, green > Leaf"], Ok(json!({"category": "Tea, green > Leaf"}))),
            (category, &["A > B, C"], Ok(json!({"category": "A > B", "categories": ["A > B", "C"]}))),
            (Form::Availability, &["in stock"], Ok(json!({"category": "in_stock", "in_stock": true}))),
            (Form::Availability, &["lieferbar"], Err(CellFault::Availability)),
            (Form::Time, &["2026-11-20"], Ok(json!({"category": "2026-11-20T00:00:00Z"}))),
            (Form::Time, &["2026-11-20T13:00-0800"], Ok(json!({"category": "2026-11-20T21:00:00Z"}))),
            (Form::Time, &["20.11.2026"], Err(CellFault::Time)),
            (
                Form::Period,
                &["2026-11-20T13:00-0800/2026-11-29T15:30-0800"],
                Ok(
                    json!({"category_starts": "2026-11-20T21:00:00Z", "category_ends": "2026-11-29T23:30:00Z"}),
                ),
            ),
            (Form::Period, &["2026-11-20"], Err(CellFault::Period)),
        ] {
            assert_eq!(read_texts(&form, texts), value, "{form:?} {texts:?}");
        }
    }
}
