//! The words of the language, as the interpreter calls them. Each is matched: a word that is declared and not
//! taught here does not compile.

use jardin_script_check::{
    SourceNames,
    vocabulary::{Join, Move, PageWord, SourceWord},
};
use rhai::{Dynamic, Engine, Map};

use super::{Asked, Item, Page, Plan};

/// Teaches the interpreter what moves a candidate, arranges a page and describes lists.
pub(super) fn register_words(engine: &mut Engine, sources: &SourceNames) {
    Move::ALL.iter().for_each(|word| register_move(engine, *word));
    PageWord::ALL.iter().for_each(|word| register_page_word(engine, *word));
    SourceWord::ALL.iter().for_each(|word| register_source(engine, *word));
    Join::ALL.iter().for_each(|word| register_join(engine, *word));
    for (name, strategy) in sources.strategies() {
        let strategy = strategy.clone();
        engine.register_fn(name, move |_: &mut Asked, limit: Dynamic| Asked::ask_strategy(&strategy, &limit));
    }
}

fn register_move(engine: &mut Engine, word: Move) {
    let name = word.name();
    match word {
        Move::Boost | Move::Bury => {
            engine.register_fn(name, move |item: &mut Item, factor: Dynamic| {
                item.scale_factor(word, &factor, "")
            });
            engine.register_fn(name, move |item: &mut Item, factor: Dynamic, note: &str| {
                item.scale_factor(word, &factor, note)
            });
        }
        Move::Drop => {
            engine.register_fn(name, |item: &mut Item| item.leave_out(""));
            engine.register_fn(name, |item: &mut Item, note: &str| item.leave_out(note));
        }
        Move::Say => {
            engine.register_fn(name, |item: &mut Item, code: &str| item.say(code));
        }
    }
}

fn register_page_word(engine: &mut Engine, word: PageWord) {
    let name = word.name();
    match word {
        PageWord::MaxPer => {
            engine.register_fn(name, |page: &mut Page, field: &str, n: Dynamic| page.max_per(field, &n))
        }
        PageWord::Diversify => engine.register_fn(name, |page: &mut Page, field: &str, strength: Dynamic| {
            page.diversify(field, &strength)
        }),
        PageWord::AtLeast => engine.register_fn(
            name,
            |page: &mut Page, n: Dynamic, field: &str, value: Dynamic, top: Dynamic| {
                page.at_least(&n, field, &value, &top)
            },
        ),
        PageWord::Rotate => {
            engine.register_fn(name, |page: &mut Page, top: Dynamic, every: &str| page.rotate(&top, every))
        }
        PageWord::Slot => {
            engine.register_fn(name, |page: &mut Page, position: Dynamic, field: &str, value: Dynamic| {
                page.slot(&position, field, &value)
            })
        }
        PageWord::Pin => engine.register_fn(name, |page: &mut Page, position: Dynamic, items: Dynamic| {
            page.pin(&position, &items)
        }),
        PageWord::Limit => engine.register_fn(name, |page: &mut Page, n: Dynamic| page.limit(&n)),
    };
}

fn register_source(engine: &mut Engine, word: SourceWord) {
    match word {
        SourceWord::Catalogue => engine
            .register_fn(word.name(), |_: &mut Asked, limit: Dynamic, having: Map| {
                Asked::ask_catalogue(&limit, &having)
            }),
    };
}

fn register_join(engine: &mut Engine, word: Join) {
    match word {
        Join::Or => engine.register_fn(word.name(), |a: Plan, b: Plan| a.or(b)),
        Join::Mix => engine.register_fn(word.name(), |a: Plan, b: Plan, share: Dynamic| a.mix(b, &share)),
    };
}
