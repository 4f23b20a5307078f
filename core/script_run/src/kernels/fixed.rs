//! What is the same for every candidate of a request, found when it is first wanted.

use std::rc::Rc;

use rhai::Dynamic;

use super::{
    Machine,
    columns::NO_SYMBOL,
    lanes::EXACT,
    value::{Stop, Value},
};
use crate::host::{List as Settings, Texts};

/// So many texts that no product has are kept as symbols of a run's own.
const MOST_TEXTS: usize = 64;
/// Up to this number of texts are compared one by one.
const FEW: usize = 8;

/// One request-wide expression.
#[derive(Debug, Default)]
pub(super) struct Known<'v> {
    value: Option<Result<Value<'v>, Stop>>,
    /// Its number, and whether it is whole; `None` inside where it is none that kernels take.
    number: Option<Option<(f64, bool)>>,
    /// Its symbol; `None` inside where it is no text.
    pub(super) symbol: Option<Option<u32>>,
    /// Its elements as symbols, `None` inside where it is no list.
    symbols: Option<Option<Rc<Symbols>>>,
}

/// A set of texts.
#[derive(Debug)]
pub(super) struct Symbols(Vec<u32>);

impl Symbols {
    fn new(mut all: Vec<u32>) -> Self {
        if all.len() > FEW {
            all.sort_unstable();
        }
        Self(all)
    }

    /// True where a text is one of them.
    pub(super) fn has(&self, symbol: u32) -> bool {
        symbol != NO_SYMBOL
            && if self.0.len() > FEW {
                self.0.binary_search(&symbol).is_ok()
            } else {
                self.0.contains(&symbol)
            }
    }
}

impl<'v> Machine<'v, '_> {
    /// What depends on the request alone.
    pub(super) fn fixed_value(&mut self, index: usize) -> Result<Value<'v>, Stop> {
        if let Some(Known { value: Some(known), .. }) = self.known.get(index) {
            return known.clone();
        }
        let program = self.program;
        let node = program.statics.get(index).ok_or(Stop::Bail)?;
        // no candidate: a request-wide expression reads none
        let found = self.evaluate_one(node, u32::MAX);
        if let Some(known) = self.known.get_mut(index) {
            known.value = Some(found.clone());
        }
        found
    }

    /// A request-wide number, and whether it is whole; `None` where it is not known to be one, `Some(None)`
    /// where it is none.
    pub(super) fn fixed_number(&mut self, index: usize) -> Result<Option<Option<(f64, bool)>>, Stop> {
        if let Some(known) = self.known.get(index).and_then(|k| k.number) {
            return Ok(Some(known));
        }
        let value = match self.fixed_value(index) {
            Ok(value @ (Value::Number(_) | Value::Whole(_))) => value,
            // what is absent, and what fails, fails on every candidate that asks for it
            Ok(Value::Unit) | Err(Stop::Fault) => return Ok(None),
            Ok(_) => return Ok(Some(None)),
            Err(stop) => return Err(stop),
        };
        let is_whole = matches!(value, Value::Whole(_));
        let number = value.number().filter(|n| !is_whole || n.abs() < EXACT).map(|n| (n, is_whole));
        if let Some(known) = self.known.get_mut(index) {
            known.number = Some(number);
        }
        Ok(Some(number))
    }

    /// The elements of a request-wide list as symbols; `None` where it is none, or has elements that are no
    /// texts.
    pub(super) fn fixed_symbols(&mut self, index: usize) -> Result<Option<Rc<Symbols>>, Stop> {
        if let Some(Known { symbols: Some(known), .. }) = self.known.get(index) {
            return Ok(known.clone());
        }
        let found = match self.fixed_value(index) {
            Ok(list) => self.symbols_of(&list),
            Err(Stop::Fault) => None,
            Err(stop) => return Err(stop),
        };
        if let Some(known) = self.known.get_mut(index) {
            known.symbols = Some(found.clone());
        }
        Ok(found)
    }

    /// The elements of a list as symbols.
    pub(super) fn symbols_of(&mut self, list: &Value<'v>) -> Option<Rc<Symbols>> {
        let texts: Vec<Dynamic> = match list {
            Value::Symbols(symbols) => {
                let all = symbols.iter().map(|s| s.0).collect();
                return Some(Rc::new(Symbols::new(all)));
            }
            Value::Other(list) => {
                if let Ok(array) = list.as_array_ref() {
                    array.clone()
                } else if let Some(settings) = list.read_lock::<Settings>() {
                    settings.iter().collect()
                } else {
                    list.read_lock::<Texts>()?.iter().collect()
                }
            }
            _ => return None,
        };
        // what is no text is no candidate's text
        let texts = texts.iter().filter(|t| t.is_string());
        let all: Option<Vec<u32>> = texts.map(|text| self.symbol_of(text)).collect();
        all.map(|all| Rc::new(Symbols::new(all)))
    }

    /// The symbol of a text, one of the run's own where no product has it; `None` where there are too many.
    pub(super) fn symbol_of(&mut self, text: &Dynamic) -> Option<u32> {
        let wanted = text.as_immutable_string_ref().ok()?;
        if let Some(symbol) = self.request.view().symbol(&wanted) {
            return Some(symbol.0);
        }
        let same = |known: &Dynamic| known.as_immutable_string_ref().is_ok_and(|known| *known == *wanted);
        let known = self.texts.iter().position(same);
        let place = known.unwrap_or(self.texts.len());
        if place >= MOST_TEXTS {
            return None;
        }
        if known.is_none() {
            self.texts.push(text.clone());
        }
        u32::try_from(place).ok().map(|place| NO_SYMBOL - 1 - place)
    }

    /// The text behind a symbol of the run's own.
    pub(super) fn own_text(texts: &[Dynamic], symbol: u32) -> Option<Dynamic> {
        let place = (NO_SYMBOL - 1).checked_sub(symbol)?;
        texts.get(place as usize).cloned()
    }
}
