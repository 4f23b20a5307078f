//! A mapping that a shop writes: which column becomes which field, and what its words and events mean here.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::products::{Form, column_key};

/// What a shop says of the columns of its files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnMap {
    columns: BTreeMap<String, MapTarget>,
    words: BTreeMap<String, String>,
    events: BTreeMap<String, String>,
}

/// What becomes of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MapTarget {
    /// It is left out.
    Dropped,
    /// It becomes a field; in the form that the column has anyway where none is named.
    Field(String, Option<Form>),
}

/// Why a mapping cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what}; a mapping is TOML: under [columns] \"column\" = \"field\", = false to leave it out, or = {{ field = \"cost\", as = \"money\" }} with one of text, texts, category, money, number, flag, time; under [words] \"word of the feed\" = \"in_stock\"; under [events] \"name of the file\" = \"purchase\""
)]
pub struct MapError {
    what: String,
}

impl ColumnMap {
    /// Reads a mapping.
    ///
    /// # Errors
    /// [`MapError`] with what cannot be read.
    pub fn parse(text: &str) -> Result<Self, MapError> {
        let table: Table =
            text.parse().map_err(|error: toml::de::Error| MapError { what: error.message().to_owned() })?;
        let mut map = Self::default();
        for (section, entries) in table {
            let Value::Table(entries) = entries else {
                return Err(MapError { what: format!("`{section}` is not a table") });
            };
            for (name, value) in entries {
                map.add(&section, &name, &value)?;
            }
        }
        Ok(map)
    }

    fn add(&mut self, section: &str, name: &str, value: &Value) -> Result<(), MapError> {
        let text = || {
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| MapError { what: format!("`{name}` is not a text") })
        };
        match section {
            "columns" => {
                let target =
                    read_target(value).ok_or_else(|| MapError { what: format!("`{name}` says no field") })?;
                self.columns.insert(column_key(name), target);
            }
            "words" => drop(self.words.insert(name.to_lowercase(), text()?)),
            "events" => drop(self.events.insert(name.to_owned(), text()?)),
            other => return Err(MapError { what: format!("`{other}` is not a part of a mapping") }),
        }
        Ok(())
    }

    /// What becomes of a column, by its key.
    pub(crate) fn column(&self, key: &str) -> Option<&MapTarget> {
        self.columns.get(key)
    }

    /// True where some column becomes this field.
    #[must_use]
    pub fn gives(&self, field: &str) -> bool {
        self.column_of(field).is_some()
    }

    /// The column that becomes this field.
    pub(crate) fn column_of(&self, field: &str) -> Option<&str> {
        let is_given = |target: &MapTarget| matches!(target, MapTarget::Field(given, _) if given == field);
        self.columns.iter().find(|(_, target)| is_given(target)).map(|(key, _)| key.as_str())
    }

    /// What a word of the file means.
    pub(crate) fn map_word<'a>(&'a self, word: &'a str) -> &'a str {
        self.words.get(word).map_or(word, String::as_str)
    }

    /// What an event of the file is here.
    pub(crate) fn event(&self, name: &str) -> Option<&str> {
        self.events.get(name).map(String::as_str)
    }
}

fn read_target(value: &Value) -> Option<MapTarget> {
    match value {
        Value::Boolean(false) => Some(MapTarget::Dropped),
        Value::String(field) => Some(MapTarget::Field(field.clone(), None)),
        Value::Table(table) => {
            let separator = table.get("separator").map(Value::as_str).unwrap_or(Some(","))?;
            let form = match table.get("as") {
                None => None,
                Some(word) => Some(Form::from_word(word.as_str()?, separator)?),
            };
            Some(MapTarget::Field(table.get("field")?.as_str()?.to_owned(), form))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_mapping_is_read() {
        let map = ColumnMap::parse(
            "[columns]\n\"Custom Label 0\" = \"season\"\n\"g:adult\" = false\ncost = { field = \"margin\", as = \"money\" }\n\
             labels = { field = \"tags\", as = \"texts\", separator = \"|\" }\n[words]\n\"Lieferbar\" = \"in_stock\"\n[events]\n\"Bought\" = \"purchase\"\n",
        )
        .unwrap();
        assert_eq!(map.column("custom_label_0"), Some(&MapTarget::Field("season".into(), None)));
        assert_eq!(map.column("adult"), Some(&MapTarget::Dropped));
        assert_eq!(map.column("cost"), Some(&MapTarget::Field("margin".into(), Some(Form::Money))));
        assert_eq!(
            map.column("labels"),
            Some(&MapTarget::Field("tags".into(), Some(Form::Texts("|".into()))))
        );
        assert_eq!((map.map_word("lieferbar"), map.map_word("other")), ("in_stock", "other"));
        assert_eq!((map.event("Bought"), map.event("bought")), (Some("purchase"), None));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (text, what) in [
            ("[columns]\na = 1\n", "`a` says no field"),
            ("[columns]\na = { as = \"text\" }\n", "`a` says no field"),
            ("[columns]\na = { field = \"b\", as = \"word\" }\n", "`a` says no field"),
            ("[column]\na = \"b\"\n", "`column` is not a part"),
            ("a = \"b\"\n", "`a` is not a table"),
            ("[words]\na = 1\n", "`a` is not a text"),
        ] {
            let said = ColumnMap::parse(text).unwrap_err().to_string();
            assert!(said.starts_with(what), "{said}");
        }
        assert!(ColumnMap::parse("[columns\n").is_err());
    }
}
