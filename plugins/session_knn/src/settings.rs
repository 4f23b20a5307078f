//! Settings by the names that jardin.toml gives them.

use jardin_sdk::Params as Given;

use crate::{Current, Limits, Params, Weights};

/// What a shop may set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Settings {
    pub(crate) params: Params,
    /// The most events that are kept.
    pub(crate) most_events: usize,
}

impl Settings {
    /// The settings that jardin.toml gives.
    pub(crate) fn read(given: &Given<'_>) -> Result<Self, String> {
        let mut settings = Self { params: Params::default(), most_events: Limits::default().events };
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
