//! How a script arranges a page.

use std::sync::Arc;

use jardin_contract::{PageRule, PlainValue};
use jardin_model::ItemId;
use jardin_script_check::vocabulary::period_of;
use rhai::Dynamic;

use super::{Request, register::fault_error, request::Outcome, sources::item_count};
use crate::semantics::{Fault, elements_of, number_of};

/// The parameter `page`.
#[derive(Debug, Clone)]
pub(crate) struct Page(Arc<Request>);

impl Page {
    /// The page of a run.
    pub(crate) fn new(request: &Arc<Request>) -> Self {
        Self(Arc::clone(request))
    }

    fn add_rule(&self, rule: PageRule) {
        self.0.add_page_rule(rule);
    }

    /// A granted field of products; anything else is denied.
    fn granted_name(&self, field: &str) -> Outcome<Arc<str>> {
        match self.0.view().column(field) {
            Some(column) => Ok(Arc::clone(&column.name)),
            None => self.0.deny_read(),
        }
    }

    /// `page.max_per(field, n)`.
    pub(crate) fn max_per(&self, field: &str, n: &Dynamic) -> Outcome<()> {
        let (field, n) = (self.granted_name(field)?, item_count(n)?);
        self.add_rule(PageRule::MaxPer { field, n });
        Ok(())
    }

    /// `page.diversify(field, strength)`.
    pub(crate) fn diversify(&self, field: &str, strength: &Dynamic) -> Outcome<()> {
        let field = self.granted_name(field)?;
        let strength = number_of(strength).filter(|s| (0.0..=1.0).contains(s));
        let strength = strength.ok_or_else(|| fault_error(Fault::Argument))?;
        self.add_rule(PageRule::Diversify { field, strength });
        Ok(())
    }

    /// `page.at_least(n, field, value, top)`; without a value it asks for nothing.
    pub(crate) fn at_least(&self, n: &Dynamic, field: &str, value: &Dynamic, top: &Dynamic) -> Outcome<()> {
        let (n, field, top) = (item_count(n)?, self.granted_name(field)?, item_count(top)?);
        if !value.is_unit() {
            let value = plain_value(value)?;
            self.add_rule(PageRule::AtLeast { n, field, value, top });
        }
        Ok(())
    }

    /// `page.rotate(top, "hour"|"day"|"week")`.
    pub(crate) fn rotate(&self, top: &Dynamic, every: &str) -> Outcome<()> {
        let every = period_of(every).ok_or_else(|| fault_error(Fault::Argument))?;
        self.add_rule(PageRule::Rotate { top: item_count(top)?, every });
        Ok(())
    }

    /// `page.slot(position, field, value)`; without a value it asks for nothing.
    pub(crate) fn slot(&self, position: &Dynamic, field: &str, value: &Dynamic) -> Outcome<()> {
        let (position, field) = (position_of(position)?, self.granted_name(field)?);
        if !value.is_unit() {
            let value = plain_value(value)?;
            self.add_rule(PageRule::Slot { position, field, value });
        }
        Ok(())
    }

    /// `page.pin(position, id or [ids])`; without an id it asks for nothing.
    pub(crate) fn pin(&self, position: &Dynamic, items: &Dynamic) -> Outcome<()> {
        let position = position_of(position)?;
        let items = elements_of(items)
            .unwrap_or_else(|| if items.is_unit() { Vec::new() } else { vec![items.clone()] });
        let id = |value: &Dynamic| {
            let text = value.as_immutable_string_ref().ok();
            text.and_then(|t| ItemId::new(&t).ok()).ok_or_else(|| fault_error(Fault::Argument))
        };
        let items = items.iter().map(id).collect::<Outcome<Vec<_>>>()?;
        if !items.is_empty() {
            self.add_rule(PageRule::Pin { position, items });
        }
        Ok(())
    }

    /// `page.limit(n)`.
    pub(crate) fn limit(&self, n: &Dynamic) -> Outcome<()> {
        self.add_rule(PageRule::Limit(item_count(n)?));
        Ok(())
    }
}

fn position_of(value: &Dynamic) -> Outcome<usize> {
    let position = item_count(value)?;
    if position == 0 { Err(fault_error(Fault::Argument)) } else { Ok(position) }
}

/// A value that a rule compares a field with.
pub(super) fn plain_value(value: &Dynamic) -> Outcome<PlainValue> {
    if let Some(n) = number_of(value) {
        return Ok(PlainValue::Number(n));
    }
    if let Ok(flag) = value.as_bool() {
        return Ok(PlainValue::Flag(flag));
    }
    let text = value.as_immutable_string_ref().map_err(|_| fault_error(Fault::Argument))?;
    Ok(PlainValue::Text(text.as_str().into()))
}
