//! A policy as a tree that can be edited and written again.

use std::fmt::Write as _;

use toml::de::{DeTable, DeValue};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Text(String),
    /// A number, a day or a flag, as it is written.
    Word(String),
    List(Vec<Tree>),
    Table(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads a text that is valid TOML.
    pub(super) fn read(source: &str) -> Option<Self> {
        let text = source.strip_prefix('\u{feff}').unwrap_or(source);
        DeTable::parse(text).ok().map(|root| table(root.get_ref()))
    }

    /// The text: one line for each top key, so that every table stands inline.
    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        if let Self::Table(entries) = self {
            for (key, value) in entries {
                text.push_str(&quoted(key));
                text.push_str(" = ");
                value.inline(&mut text);
                text.push('\n');
            }
        }
        text
    }

    fn inline(&self, text: &mut String) {
        match self {
            Self::Text(value) => text.push_str(&quoted(value)),
            Self::Word(word) => text.push_str(word),
            Self::List(list) => {
                text.push('[');
                for value in list {
                    value.inline(text);
                    text.push_str(", ");
                }
                text.push(']');
            }
            Self::Table(entries) => {
                text.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    text.push_str(if i == 0 { " " } else { ", " });
                    text.push_str(&quoted(key));
                    text.push_str(" = ");
                    value.inline(text);
                }
                text.push_str(" }");
            }
        }
    }

    pub(super) fn text(value: &str) -> Self {
        Self::Text(value.to_owned())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Table(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |tree, key| tree.get(key))
    }

    pub(super) fn at_mut(&mut self, path: &[&str]) -> Option<&mut Self> {
        path.iter().try_fold(self, |tree, key| match tree {
            Self::Table(entries) => entries.iter_mut().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        })
    }

    pub(super) fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Table(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn list(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Word(word) => word.replace('_', "").parse().ok(),
            _ => None,
        }
    }

    /// The tree with a key set; tables on the way are made.
    pub(super) fn with(&self, path: &[&str], value: Self) -> Self {
        let mut tree = self.clone();
        let mut here = &mut tree;
        for key in path {
            if !matches!(here, Self::Table(_)) {
                *here = Self::Table(Vec::new());
            }
            let Self::Table(entries) = here else {
                return self.clone();
            };
            let at = entries.iter().position(|(k, _)| k == key).unwrap_or_else(|| {
                entries.push(((*key).to_owned(), Self::Table(Vec::new())));
                entries.len() - 1
            });
            let Some((_, next)) = entries.get_mut(at) else {
                return self.clone();
            };
            here = next;
        }
        *here = value;
        tree
    }

    /// The tree without a key.
    pub(super) fn without(&self, path: &[&str]) -> Self {
        let mut tree = self.clone();
        if let Some((last, parents)) = path.split_last()
            && let Some(Self::Table(entries)) = tree.at_mut(parents)
        {
            entries.retain(|(k, _)| k != last);
        }
        tree
    }

    /// The tree without one value of a list.
    pub(super) fn without_item(&self, path: &[&str], index: usize) -> Self {
        let mut tree = self.clone();
        if let Some(Self::List(list)) = tree.at_mut(path)
            && index < list.len()
        {
            list.remove(index);
        }
        tree
    }

    /// The tree with one value more in a list.
    pub(super) fn with_item(&self, path: &[&str], value: Self) -> Self {
        let mut list = self.at(path).map(|l| l.list().to_vec()).unwrap_or_default();
        list.push(value);
        self.with(path, Self::List(list))
    }
}

fn table(of: &DeTable<'_>) -> Tree {
    let mut entries: Vec<(usize, String, Tree)> =
        of.iter().map(|(k, v)| (k.span().start, k.get_ref().to_string(), value(v.get_ref()))).collect();
    entries.sort_by_key(|(at, ..)| *at);
    Tree::Table(entries.into_iter().map(|(_, k, v)| (k, v)).collect())
}

fn value(of: &DeValue<'_>) -> Tree {
    match of {
        DeValue::String(text) => Tree::Text(text.to_string()),
        DeValue::Integer(n) => Tree::Word(
            i64::from_str_radix(&n.as_str().replace('_', ""), n.radix())
                .map_or_else(|_| n.as_str().to_owned(), |n| n.to_string()),
        ),
        DeValue::Float(n) => Tree::Word(n.as_str().to_owned()),
        DeValue::Boolean(b) => Tree::Word(b.to_string()),
        DeValue::Datetime(d) => Tree::Word(d.to_string()),
        DeValue::Array(list) => Tree::List(list.iter().map(|v| value(v.get_ref())).collect()),
        DeValue::Table(of) => table(of),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
