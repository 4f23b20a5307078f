//! The names that jardin.toml may use: those of the policy, and its own placements.

use std::{collections::BTreeSet, sync::Arc};

use jardin_diagnostics::{
    FindingSink, Span, TomlValue,
    codes::{INVALID_VALUE, UNKNOWN_KEY},
    did_you_mean,
};
use jardin_model::Namespace;
use jardin_policy::{
    Policy, StrategyName,
    codes::{MISSING_TEXT, UNKNOWN_FIELD, UNKNOWN_STRATEGY},
    rules::{Class, FieldRule, Texts},
};

use super::public_field::{Holder, LANGUAGE_MARK, PublicField};
use crate::codes::{CONFIDENTIAL_CHOICE, CONFIDENTIAL_PUBLIC, UNKNOWN_PLACEMENT};

/// What every part needs to look names up.
pub(super) struct ShopNames<'a> {
    pub(super) sink: &'a FindingSink,
    pub(super) policy: &'a Policy,
    pub(super) languages: Vec<Arc<str>>,
    pub(super) places: BTreeSet<Arc<str>>,
    /// Item fields that a page may show.
    pub(super) public: Vec<Arc<PublicField>>,
}

impl ShopNames<'_> {
    /// The texts of a table, one a language; a missing one is a finding.
    pub(super) fn texts(&self, node: TomlValue<'_>, what: &str) -> Texts {
        if let Some(text) = node.if_text() {
            node.wrong_type("a text in each language", Some(format!("write `{}`", self.example_texts(text))));
            return Texts::default();
        }
        let Some(table) = node.table(what) else {
            return Texts::default();
        };
        let mut texts = Texts::default();
        for entry in table.entries() {
            // languages that cannot be read are a finding already
            if !self.languages.is_empty() && !self.languages.iter().any(|l| &**l == entry.key) {
                let meant = did_you_mean(entry.key, self.languages.iter().map(|l| &**l));
                let help = meant.map_or_else(
                    || "list it in `languages` of [shop]".to_owned(),
                    |m| format!("did you mean `{m}`?"),
                );
                self.sink.add(
                    UNKNOWN_KEY,
                    entry.span,
                    format!("{what} has a text in `{}`, which the shop does not speak", entry.key),
                    Some(help),
                );
            }
            if let Some(text) = entry.node.text() {
                texts.0.insert(entry.key.into(), text.into());
            }
        }
        for language in self.languages.iter().filter(|l| !texts.0.contains_key(*l)) {
            node.finding(
                MISSING_TEXT,
                format!("{what} has no text in `{language}`"),
                Some(format!("add `{language} = \"…\"`")),
            );
        }
        texts
    }

    /// How a text is written in each of the shop's languages.
    pub(super) fn example_texts(&self, text: &str) -> String {
        let one = |language: &Arc<str>| format!("{language} = \"{text}\"");
        format!("{{ {} }}", self.languages.iter().map(one).collect::<Vec<_>>().join(", "))
    }

    /// A strategy that the policy declares; another one is a finding.
    pub(super) fn strategy(&self, name: &str, span: Span) -> Option<StrategyName> {
        let known = &self.policy.rules().strategies;
        if let Some((name, _)) = known.get_key_value(name) {
            return Some(name.clone());
        }
        let meant = did_you_mean(name, known.keys().map(StrategyName::as_str));
        let help = meant.map_or_else(
            || "declare it in the policy under [strategies]".to_owned(),
            |m| format!("did you mean `{m}`?"),
        );
        self.sink.add(
            UNKNOWN_STRATEGY,
            span,
            format!("the policy declares no strategy `{name}`"),
            Some(help),
        );
        None
    }

    /// A declared item field; another one is a finding.
    pub(super) fn item_field(&self, name: &str, span: Span) -> Option<&FieldRule> {
        let valid = self.policy.rules();
        if let Some(field) = valid.declared(Namespace::Item, name) {
            return Some(field);
        }
        let known = valid.fields.iter().filter(|f| f.path.namespace == Namespace::Item);
        let meant = did_you_mean(name, known.map(|f| &*f.path.name));
        let help = meant.map_or_else(
            || "declare it in the policy under [fields.item]".to_owned(),
            |m| format!("did you mean `{m}`?"),
        );
        self.sink.add(UNKNOWN_FIELD, span, format!("the policy declares no field `item.{name}`"), Some(help));
        None
    }

    /// As [`ShopNames::item_field`]; a confidential one is a finding as well: whoever asks again and again
    /// finds out the value by what is chosen.
    pub(super) fn open_field(&self, name: &str, span: Span) -> Option<&FieldRule> {
        let declared = self.item_field(name, span)?;
        if declared.class == Class::Confidential {
            let message =
                format!("`item.{name}` is confidential, and what is chosen by it would tell its value");
            let help = "choose by another field, or by a flag of class none that the shop sets".to_owned();
            self.sink.add(CONFIDENTIAL_CHOICE, span, message, Some(help));
            return None;
        }
        Some(declared)
    }

    /// What everybody may see of an item, in each language where its name ends so.
    pub(super) fn public_field(&self, name: &str, span: Span) -> Option<Arc<PublicField>> {
        let holder = |language: Option<&Arc<str>>, field: &str| {
            Some(Holder { language: language.cloned(), field: self.shareable_field(field, span)? })
        };
        let Some(stem) = name.strip_suffix(LANGUAGE_MARK) else {
            return Some(Arc::new(PublicField { name: name.into(), held_by: vec![holder(None, name)?] }));
        };
        let in_each =
            self.languages.iter().map(|language| holder(Some(language), &format!("{stem}_{language}")));
        // each language is looked up, so that all findings are told at once
        let held_by: Vec<Option<Holder>> = in_each.collect();
        Some(Arc::new(PublicField {
            name: stem.into(),
            held_by: held_by.into_iter().collect::<Option<_>>()?,
        }))
    }

    /// An item field that everybody may see; a confidential one is a finding.
    fn shareable_field(&self, name: &str, span: Span) -> Option<Arc<str>> {
        let declared = self.item_field(name, span)?;
        if declared.class == Class::Confidential {
            let message = format!("`item.{name}` is confidential, and what is public stands in every answer");
            let help = "leave it out of `public`, or declare it with class none in the policy".to_owned();
            self.sink.add(CONFIDENTIAL_PUBLIC, span, message, Some(help));
            return None;
        }
        Some(Arc::clone(&declared.path.name))
    }

    /// Item fields that a placement shows; one that is not public is a finding.
    pub(super) fn shown_fields(&self, node: TomlValue<'_>) -> Vec<Arc<PublicField>> {
        let named = node.texts().unwrap_or_default().into_iter();
        let shown = named.filter_map(|(name, span)| {
            let public = self.public.iter().find(|public| *public.name == *name).cloned();
            if public.is_none() {
                let message = format!("`{name}` is shown and not public");
                let help = "list it in `public` of [shop], if everybody may see it".to_owned();
                self.sink.add(INVALID_VALUE, span, message, Some(help));
            }
            public
        });
        shown.collect()
    }

    /// Placements by name; one that does not exist is a finding.
    pub(super) fn places(&self, node: TomlValue<'_>) -> Vec<Arc<str>> {
        node.texts()
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(name, span)| self.place(name, span))
            .collect()
    }

    pub(super) fn place(&self, name: &str, span: Span) -> Option<Arc<str>> {
        let place = self.places.get(name).cloned();
        if place.is_none() {
            let meant = did_you_mean(name, self.places.iter().map(|p| &**p));
            let help = meant.map_or_else(
                || "declare it under [placements]".to_owned(),
                |m| format!("did you mean `{m}`?"),
            );
            self.sink.add(UNKNOWN_PLACEMENT, span, format!("there is no placement `{name}`"), Some(help));
        }
        place
    }
}
