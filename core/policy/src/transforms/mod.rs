//! In which form a field is granted: one form, one file.
//!
//! A form is a type that implements [`Form`], of which no method has a default, so that none can be forgotten;
//! its file holds all that is known of it, its tests included. The list below names the files and types. Of it
//! `transforms!` makes the closed choice [`Transform`] and [`TRANSFORMS`], by which a policy's words are parsed,
//! the JSON Schema for editors is written and the table of docs/policy.md is held.
//!
//! To add a form: write its file, name it here, and add its row to docs/policy.md and its twin to the naive
//! evaluator of `tests/proofs`.

mod edges;
mod figures;
mod form;

pub use figures::{Figure, FigureKind};
pub(crate) use figures::{Figures, ItemFields};
use form::Form;
pub(crate) use form::{Held, HeldEvents, Surroundings};

use std::{fmt, sync::Arc};

use jardin_model::FieldType;

use crate::{language::Language, runtime::ViewValue};

/// What is known of a form before it has figures.
#[derive(Debug, Clone, Copy)]
pub struct TransformKind {
    /// The word of a policy for it.
    pub word: &'static str,
    /// The types that it takes, as docs/policy.md says them.
    pub takes: &'static str,
    /// What it gives, as docs/policy.md says it.
    pub gives: &'static str,
    /// Its figures.
    pub figures: &'static [Figure],
    type_of: fn(FieldType) -> Option<FieldType>,
    without_figures: fn() -> Option<Transform>,
    with_figures: fn(&Figures<'_, '_>) -> Option<Transform>,
}

/// The form of a word.
pub(crate) fn find_transform(word: &str) -> Option<&'static TransformKind> {
    TRANSFORMS.iter().find(|kind| kind.word == word)
}

impl TransformKind {
    /// True where it can be granted of a field of that type.
    pub(crate) fn applies_to(&self, kind: FieldType) -> bool {
        (self.type_of)(kind).is_some()
    }

    /// True where the word alone says which form is meant.
    #[must_use]
    pub fn needs_no_figures(&self) -> bool {
        (self.without_figures)().is_some()
    }

    /// The form that the word alone means; `None` where it needs figures.
    pub(crate) fn without_figures(&self) -> Option<Transform> {
        (self.without_figures)()
    }

    /// The form with the figures of a table; what is wrong with them is a finding.
    pub(crate) fn with_figures(&self, figures: &Figures<'_, '_>) -> Option<Transform> {
        (self.with_figures)(figures)
    }
}

macro_rules! transforms {
    ($($file:ident::$form:ident,)*) => {
        $(mod $file;)*

        /// In which form a field is granted.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Transform(Choice);

        #[derive(Debug, Clone, PartialEq)]
        enum Choice {
            $($form($file::$form),)*
        }

        /// Every form, in the order of docs/policy.md.
        pub const TRANSFORMS: &[TransformKind] = &[$(TransformKind {
            word: <$file::$form as Form>::WORD,
            takes: <$file::$form as Form>::TAKES,
            gives: <$file::$form as Form>::GIVES,
            figures: <$file::$form as Form>::FIGURES,
            type_of: <$file::$form as Form>::type_of,
            without_figures: || <$file::$form as Form>::without_figures().map(|form| Transform(Choice::$form(form))),
            with_figures: |figures| <$file::$form as Form>::with_figures(figures).map(|form| Transform(Choice::$form(form))),
        },)*];

        impl Transform {
            /// The word of a policy for it.
            #[must_use]
            pub const fn word(&self) -> &'static str {
                match &self.0 { $(Choice::$form(_) => <$file::$form as Form>::WORD,)* }
            }

            /// What a field of type `kind` becomes; `None` where it does not apply.
            #[must_use]
            pub fn gives(&self, kind: FieldType) -> Option<FieldType> {
                match &self.0 { $(Choice::$form(_) => <$file::$form as Form>::type_of(kind),)* }
            }

            /// What is told of a value that is held, or of there being none. Where it does not apply that is
            /// nothing, never the raw value.
            pub(crate) fn apply_to(&self, held: Option<Held<'_>>, around: &Surroundings<'_>) -> Option<ViewValue> {
                match &self.0 { $(Choice::$form(form) => form.apply_to(held, around),)* }
            }

            /// The item field that it looks up, by its name.
            pub(crate) fn item_field(&self) -> Option<&Arc<str>> {
                match &self.0 { $(Choice::$form(form) => form.item_field(),)* }
            }

            /// The values that it can give of a choice among `choices`, where they can be listed.
            #[must_use]
            pub fn possible_choices(&self, choices: &[Arc<str>]) -> Vec<Arc<str>> {
                match &self.0 { $(Choice::$form(form) => form.possible_choices(choices),)* }
            }

            /// True where it tells nothing that `old` does not tell: it can be computed from it.
            #[must_use]
            pub fn follows_from(&self, old: &Self) -> bool {
                old.is_exact() || match (&self.0, &old.0) {
                    $((Choice::$form(new), Choice::$form(old)) => new.follows_from(old),)*
                    (new, _) => match new { $(Choice::$form(_) => <$file::$form as Form>::FOLLOWS_FROM_ALL,)* },
                }
            }

            /// What is told of a field, in a sentence's middle.
            #[must_use]
            pub fn describe_in(&self, language: Language) -> String {
                match &self.0 { $(Choice::$form(form) => form.describe_in(language),)* }
            }
        }

        impl fmt::Display for Transform {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match &self.0 { $(Choice::$form(form) => f.write_str(&form.short_text()),)* }
            }
        }
    };
}

transforms! {
    exact::Exact,
    year::Year,
    month::Month,
    age_band::AgeBand,
    first_characters::FirstCharacters,
    round::Round,
    bucket::Bucket,
    generalise::Generalise,
    top::Top,
    typical::Typical,
    count::Count,
    yes_or_no::YesOrNo,
    pseudonym::Pseudonym,
    sessions::Sessions,
}

impl Transform {
    /// True where the field is granted as it is.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        matches!(self.0, Choice::Exact(_))
    }
}
