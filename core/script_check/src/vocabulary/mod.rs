//! The words of the language beside Rhai's own, each declared once: what proves a script, what runs it and what
//! documents it go by these declarations.
//!
//! A new word is one line of its table. The compiler then asks what it does, in the interpreter and in compiled
//! rules, since both match every word; the proof and the documents take it from the line.

mod banned;
mod constants;
mod functions;
mod lists;
mod moves;
mod page;
mod signature;
mod table;

pub use banned::disabled_symbols;
pub use constants::{EventField, PERIODS, period_of};
pub use functions::Function;
pub use lists::{Join, SourceWord};
pub use moves::Move;
pub use page::PageWord;
pub use signature::{Object, Parameter, Signature, Takes};
pub use table::word_table;

pub(crate) use banned::reason_against;
pub(crate) use lists::ASK_STRATEGY;

/// Every word, in the order in which documents show them.
pub fn all_words() -> impl Iterator<Item = &'static Signature> {
    let moves = Move::ALL.iter().map(|word| word.signature());
    let sources = SourceWord::ALL.iter().map(|word| word.signature());
    let joins = Join::ALL.iter().map(|word| word.signature());
    let page = PageWord::ALL.iter().map(|word| word.signature());
    let functions = Function::ALL.iter().map(|word| word.signature());
    moves.chain(sources).chain(joins).chain(page).chain(functions)
}

/// The word of a name, on whatever it is called.
pub(crate) fn word_named(name: &str) -> Option<&'static Signature> {
    all_words().find(|word| word.name == name)
}

/// True for a name that a script's own function may not have.
pub(crate) fn is_taken(name: &str) -> bool {
    word_named(name).is_some() || reason_against(name).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_name_is_declared_twice_or_banned_as_well() {
        let mut seen = BTreeSet::new();
        for word in all_words() {
            assert!(seen.insert(word.name), "`{}` is declared twice", word.name);
            assert_eq!(reason_against(word.name), None, "`{}` is banned as well", word.name);
        }
    }

    #[test]
    fn an_example_is_written_as_its_word_is_declared() {
        for word in all_words() {
            let given = word.example.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
            let count = if given.is_empty() { 0 } else { given.matches(',').count() + 1 };
            assert!(word.takes_count(count) && word.example.contains(word.name), "{}", word.example);
        }
    }
}
