//! One run of a script: what it may see, and what it has done so far.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use jardin_contract::{Effect, Note, PageRule, StrategyRequest};
use jardin_model::{Cell, ItemIndex, Namespace, Zone};
use jardin_policy::{Access, View, ViewValue};
use rhai::{Dynamic, EvalAltResult, Position};

use super::{Day, Events, Item, Items, Moment, Now, Table, Texts, value};
use crate::semantics::Fault;

/// In what the product of all factors is kept.
const KEPT: (f64, f64) = (0.05, 20.0);

/// What a native function gives back to the interpreter.
pub(crate) type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// One run of a script. Made anew for each question and shared by the objects that the script is handed.
#[derive(Debug)]
pub(crate) struct Request {
    view: Arc<View>,
    params: Table,
    now: Now,
    explain: bool,
    denied: AtomicBool,
    effect: Mutex<Effect>,
    page: Mutex<Vec<PageRule>>,
}

impl Request {
    /// The run that answers a question.
    pub(crate) fn new(ask: &StrategyRequest, zone: &Zone) -> Arc<Self> {
        let now = Now::new(ask.view.now(), zone);
        Arc::new(Self {
            view: Arc::clone(&ask.view),
            params: Table::of(&ask.params, now),
            now,
            explain: ask.explain,
            denied: AtomicBool::new(false),
            effect: Mutex::default(),
            page: Mutex::default(),
        })
    }

    /// What the strategy sees.
    pub(crate) fn view(&self) -> &View {
        &self.view
    }

    /// When the question is answered.
    pub(crate) const fn now(&self) -> Now {
        self.now
    }

    /// True where notes are wanted.
    pub(crate) const fn explains(&self) -> bool {
        self.explain
    }

    /// The settings.
    pub(crate) fn params(&self) -> Table {
        self.params.clone()
    }

    /// One setting; `()` where it is not set.
    pub(crate) fn setting_named(&self, name: &str) -> Dynamic {
        self.params.entry_named(name)
    }

    /// True once a read was denied; the result is discarded then, whatever the script made of it.
    pub(crate) fn was_denied(&self) -> bool {
        self.denied.load(Ordering::Relaxed)
    }

    /// Refuses a read: one fixed error that no script can catch, the same for denied, undeclared and
    /// misspelt.
    pub(crate) fn deny_read<T>(&self) -> Outcome<T> {
        self.denied.store(true, Ordering::Relaxed);
        Err(Box::new(EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE)))
    }

    /// A field of a product.
    pub(crate) fn item_field(&self, item: Option<ItemIndex>, name: &str) -> Outcome<Dynamic> {
        let view = item.map_or_else(|| self.view.no_item(), |index| self.view.item(index));
        match view.get(name) {
            Access::Denied => self.deny_read(),
            Access::Absent => Ok(Dynamic::UNIT),
            Access::Value(cell) => Ok(self.cell_value(cell)),
        }
    }

    /// A cell of a product as scripts see it.
    pub(crate) fn cell_value(&self, cell: Cell<'_>) -> Dynamic {
        match cell {
            Cell::Absent => Dynamic::UNIT,
            Cell::Number(n) => Dynamic::from_float(n),
            Cell::Flag(flag) => flag.into(),
            Cell::Text(_, text) => value::text_value(text),
            Cell::Texts(symbols) => {
                Dynamic::from(Texts(symbols.iter().filter_map(|s| self.view.text(*s).cloned()).collect()))
            }
            Cell::Date(date) => Dynamic::from(Day::new(date, self.now)),
            Cell::Time(at) => Dynamic::from(Moment::new(at, self.now)),
        }
    }

    /// A field of subject, session or context. An absent product is a product of which every field is absent.
    pub(crate) fn person_field(
        self: &Arc<Self>,
        namespace: Namespace,
        name: &str,
        is_item: bool,
    ) -> Outcome<Dynamic> {
        match self.view.get(namespace, name) {
            Access::Denied => self.deny_read(),
            Access::Absent if is_item => Ok(Dynamic::from(Item::other(self, None))),
            Access::Absent => Ok(Dynamic::UNIT),
            Access::Value(value) => Ok(self.view_value(value)),
        }
    }

    fn view_value(self: &Arc<Self>, value: &ViewValue) -> Dynamic {
        match value {
            ViewValue::Text(text) => value::text_value(text),
            ViewValue::Texts(texts) => Dynamic::from(Texts(Arc::clone(texts))),
            ViewValue::Number(n) => Dynamic::from_float(*n),
            ViewValue::Flag(flag) => (*flag).into(),
            ViewValue::Date(date) => Dynamic::from(Day::new(*date, self.now)),
            ViewValue::Time(at) => Dynamic::from(Moment::new(*at, self.now)),
            ViewValue::Item(index) => Dynamic::from(Item::other(self, Some(*index))),
            ViewValue::Items(items) => Dynamic::from(Items::new(self, items)),
            ViewValue::Events(events) => Dynamic::from(Events::new(self, events)),
        }
    }

    /// What was done to the present candidate, leaving nothing for the next one.
    pub(crate) fn take_effect(&self) -> Effect {
        let mut effect = std::mem::take(&mut *self.lock_effect());
        effect.factor = clamp_factor(effect.factor);
        effect
    }

    /// The rules of the page.
    pub(crate) fn take_page(&self) -> Vec<PageRule> {
        std::mem::take(&mut *self.page.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a rule of the page.
    pub(crate) fn add_page_rule(&self, rule: PageRule) {
        self.page.lock().unwrap_or_else(PoisonError::into_inner).push(rule);
    }

    fn lock_effect(&self) -> std::sync::MutexGuard<'_, Effect> {
        self.effect.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Multiplies the present candidate's factor.
    pub(crate) fn scale_effect(
        &self,
        factor: f64,
        allowed: &std::ops::RangeInclusive<f64>,
        note: &str,
    ) -> Result<(), Fault> {
        if !allowed.contains(&factor) {
            return Err(Fault::Factor);
        }
        let mut effect = self.lock_effect();
        effect.factor *= factor;
        self.add_note(&mut effect, Some(factor), note);
        Ok(())
    }

    /// Leaves the present candidate out; of several reasons the first stays.
    pub(crate) fn leave_out(&self, note: &str) {
        let mut effect = self.lock_effect();
        effect.dropped.get_or_insert_with(|| note.into());
        self.add_note(&mut effect, None, note);
    }

    /// Names a reason; of several the last stays.
    pub(crate) fn set_reason(&self, code: &str) {
        self.lock_effect().says = Some(code.into());
    }

    fn add_note(&self, effect: &mut Effect, factor: Option<f64>, text: &str) {
        if self.explain {
            effect.notes.push(Note { factor, text: text.into() });
        }
    }
}

/// The product of all factors, kept in its range.
pub(crate) const fn clamp_factor(factor: f64) -> f64 {
    factor.clamp(KEPT.0, KEPT.1)
}
