//! The columns of a file, and the field that each becomes.

use std::collections::HashMap;

use super::Form;
use crate::{ReadOptions, column_map::MapTarget, price::NumberStyle, summary::MappedColumn};

/// What a shape knows of a column.
pub(crate) struct KnownColumn {
    /// Its keys, see [`column_key`].
    pub(crate) names: &'static [&'static str],
    /// The field that it becomes; `None` where it is not read unless a mapping says so.
    pub(crate) field: Option<&'static str>,
    /// The form in which it is read.
    pub(crate) form: Form,
}

impl KnownColumn {
    /// A column that becomes a field.
    pub(crate) const fn of_names(names: &'static [&'static str], field: &'static str, form: Form) -> Self {
        Self { names, field: Some(field), form }
    }
}

/// The name by which a column is known: without the prefix of a namespace, in small letters, blanks as underscores.
pub(crate) fn column_key(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let name = name.strip_prefix("g:").or_else(|| name.strip_prefix("c:")).unwrap_or(&name);
    name.replace(' ', "_")
}

/// A column of a file.
#[derive(Debug)]
pub(super) struct FileColumn {
    pub(super) key: String,
    /// As the file writes it.
    name: String,
    /// The field that it becomes.
    pub(super) field: Option<String>,
    pub(super) form: Form,
    pub(super) style: NumberStyle,
}

/// The columns of a file, by the order in which they were met.
pub(super) struct FileColumns<'a> {
    specs: &'static [KnownColumn],
    options: &'a ReadOptions,
    all: Vec<FileColumn>,
    places: HashMap<String, usize>,
}

impl<'a> FileColumns<'a> {
    pub(super) fn new(specs: &'static [KnownColumn], options: &'a ReadOptions) -> Self {
        Self { specs, options, all: Vec::new(), places: HashMap::new() }
    }

    /// The number of a column by its name.
    pub(super) fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let key = column_key(name);
        let known = self.all.iter().position(|column| column.key == key);
        let place = known.unwrap_or_else(|| {
            self.all.push(self.resolve(key, name));
            self.all.len() - 1
        });
        self.places.insert(name.to_owned(), place);
        place
    }

    fn resolve(&self, key: String, name: &str) -> FileColumn {
        let spec = self.specs.iter().find(|spec| spec.names.contains(&key.as_str()));
        let (field, form) = match (self.options.map.column(&key), spec) {
            (Some(MapTarget::Dropped), _) => (None, Form::Text),
            (Some(MapTarget::Field(field, form)), spec) => {
                let usual = if field == "item_id" {
                    Form::ItemId
                } else {
                    spec.map_or(Form::Text, |spec| spec.form.clone())
                };
                (Some(field.clone()), form.clone().unwrap_or(usual))
            }
            (None, Some(spec)) => (self.field_of(spec), spec.form.clone()),
            (None, None) => (None, Form::Text),
        };
        let style = self.options.locale.map_or(NumberStyle::Unseen, NumberStyle::Of);
        FileColumn { key, name: name.to_owned(), field, form, style }
    }

    /// A field that a mapping gives to another column is no longer this one's.
    fn field_of(&self, spec: &KnownColumn) -> Option<String> {
        spec.field.filter(|field| !self.options.map.gives(field)).map(str::to_owned)
    }

    pub(super) fn get(&self, place: usize) -> Option<&FileColumn> {
        self.all.get(place)
    }

    /// The columns of amounts, with their numbers.
    pub(super) fn money_columns(&mut self) -> impl Iterator<Item = (usize, &mut FileColumn)> {
        self.all
            .iter_mut()
            .enumerate()
            .filter(|(_, column)| column.form == Form::Money && column.field.is_some())
    }

    /// What becomes of each column.
    pub(super) fn mapped(&self) -> Vec<MappedColumn> {
        let says = |column: &FileColumn| match (&column.field, column.style) {
            (Some(_), NumberStyle::Of(locale)) if column.form == Form::Money => {
                format!("money as in `{}`", locale.code())
            }
            (Some(_), NumberStyle::Seen(',')) if column.form == Form::Money => {
                "money with a decimal comma".to_owned()
            }
            (Some(_), NumberStyle::Seen(_)) if column.form == Form::Money => {
                "money with a decimal point".to_owned()
            }
            (Some(_), _) => column.form.describe_form(),
            (None, _) if self.options.map.column(&column.key).is_some() => {
                "left out by the mapping".to_owned()
            }
            (None, _) if self.specs.iter().any(|spec| spec.names.contains(&column.key.as_str())) => {
                "not read".to_owned()
            }
            (None, _) => "not known, not read".to_owned(),
        };
        let mapped = |column: &FileColumn| MappedColumn {
            column: column.name.clone(),
            field: column.field.clone(),
            says: says(column),
        };
        self.all.iter().map(mapped).collect()
    }
}
