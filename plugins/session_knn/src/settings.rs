//! Settings by the names that jardin.toml gives them.

use jardin_sdk::Params as Given;

use crate::{Current, Limits, Params, Weights};

/// What a shop may set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Settings {
    pub(crate) params: Params,
    /// The most events that are kept.
    pub(crate) most_events: usize,
    /// Whether granted fields of items are compared.
    pub(crate) item_fields: bool,
}

impl Settings {
    /// The settings that jardin.toml gives.
    pub(crate) fn read(given: &Given<'_>) -> Result<Self, String> {
        let params = Params::default();
        let mut settings = Self { params, most_events: Limits::default().events, item_fields: false };
        for (name, ..) in Params::NUMBERS {
            if let Some(value) = read_number(given, name)? {
                settings.params.set(name, value)?;
            }
        }
        if let Some(events) = read_number(given, "most_events")? {
            settings.most_events = Some(events as usize)
                .filter(|_| (1.0..=1e9).contains(&events) && events.fract() == 0.0)
                .ok_or("`most_events` is a whole number of 1 to 1000000000")?;
        }
        settings.item_fields = match given.flag("item_fields") {
            None if given.text("item_fields").is_some() || given.number("item_fields").is_some() => {
                return Err("`item_fields` is true or false".to_owned());
            }
            flag => flag.unwrap_or(false),
        };
        settings.params.current = match given.text("current_item") {
            None | Some("allow") => Current::Allow,
            Some("exclude") => Current::Exclude,
            Some(_) => return Err("`current_item` is \"allow\" or \"exclude\"".to_owned()),
        };
        if let Some(weights) = given.text("weights") {
            settings.params.weights = Weights::read(weights)?;
        }
        Ok(settings)
    }
}

/// A number, where there is one.
fn read_number(given: &Given<'_>, name: &str) -> Result<Option<f64>, String> {
    let number = given.number(name);
    if number.is_none() && (given.text(name).is_some() || given.flag(name).is_some()) {
        return Err(format!("`{name}` is a number"));
    }
    Ok(number)
}
