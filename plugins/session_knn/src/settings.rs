//! Settings by the names that jardin.toml gives them.

use jardin_sdk::Params as Given;

use crate::{Age, Current, Distance, Limits, Params, Position};

/// What a shop may set. Counts are whole numbers; a scale of 0 switches its decay off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Settings {
    pub(crate) params: Params,
    /// The most events that are kept.
    pub(crate) most_events: usize,
}

/// A value of a setting.
enum Said<'a> {
    Number(f64),
    Flag(bool),
    Text(&'a str),
}

/// Every name, the settings of [`Settings::set`].
const NAMES: [&str; 14] = [
    "last_items",
    "newest",
    "neighbours",
    "position_places",
    "length_exponent",
    "age_days",
    "distance_places",
    "distance_before",
    "distance_reach",
    "match_decay",
    "rarity",
    "rules",
    "current_item",
    "most_events",
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            params: Params {
                // beside a product the host leaves out the page's item; elsewhere people come back to what
                // they looked at
                current: Current::Allow,
                ..Params::default()
            },
            most_events: Limits::default().events,
        }
    }
}

impl Settings {
    /// The settings that jardin.toml gives.
    pub(crate) fn read(given: &Given<'_>) -> Result<Self, String> {
        let mut settings = Self::default();
        for name in NAMES {
            let said = given.number(name).map(Said::Number);
            let said = said.or_else(|| given.flag(name).map(Said::Flag));
            if let Some(said) = said.or_else(|| given.text(name).map(Said::Text)) {
                settings.set(name, &said)?;
            }
        }
        Ok(settings)
    }

    /// Settings with others laid over them: `newest=500 rarity=false`.
    pub(crate) fn tried(text: &str, usual: &Self) -> Result<Self, String> {
        let mut settings = *usual;
        for part in text.split_whitespace() {
            let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` has no value"))?;
            let said = match (value.parse(), value.parse()) {
                (Ok(number), _) => Said::Number(number),
                (_, Ok(flag)) => Said::Flag(flag),
                _ => Said::Text(value),
            };
            settings.set(name, &said)?;
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, said: &Said<'_>) -> Result<(), String> {
        let p = &mut self.params;
        match name {
            "last_items" => p.last_items = count(name, said, 1, Params::MOST_ITEMS)?,
            "newest" => p.newest = count(name, said, 1, 65_535)?,
            "neighbours" => p.neighbours = count(name, said, 1, 65_535)?,
            "position_places" => {
                p.position =
                    scale(name, said)?.map_or(Position::Linear, |scale| Position::Exponential { scale })
            }
            "length_exponent" => p.length_exponent = number(name, said, 0.0, 2.0)?,
            "age_days" => p.age = scale(name, said)?.map_or(Age::Alike, |scale| Age::Exponential { scale }),
            "distance_places" | "distance_before" | "distance_reach" => {
                p.distance = distance(p.distance, name, said)?
            }
            "match_decay" => p.match_decay = flag(name, said)?,
            "rarity" => p.rarity = power(name, said)?,
            "rules" => p.rules = number(name, said, 0.0, 100.0)?,
            "current_item" => p.current = current(said)?,
            "most_events" => self.most_events = count(name, said, 1, 1_000_000_000)?,
            _ => return Err(format!("there is no setting `{name}`")),
        }
        Ok(())
    }
}

fn number(name: &str, said: &Said<'_>, least: f64, most: f64) -> Result<f64, String> {
    match said {
        Said::Number(n) if (least..=most).contains(n) => Ok(*n),
        _ => Err(format!("`{name}` is a number of {least} to {most}")),
    }
}

fn count(name: &str, said: &Said<'_>, least: usize, most: usize) -> Result<usize, String> {
    let n = number(name, said, least as f64, most as f64)?;
    if n.fract() == 0.0 {
        Ok(n as usize)
    } else {
        Err(format!("`{name}` is a whole number of {least} to {most}"))
    }
}

/// A scale, or `None` for 0.
fn scale(name: &str, said: &Said<'_>) -> Result<Option<f64>, String> {
    Ok(Some(number(name, said, 0.0, 1_000_000.0)?).filter(|scale| *scale > 0.0))
}

fn flag(name: &str, said: &Said<'_>) -> Result<bool, String> {
    if let Said::Flag(flag) = said { Ok(*flag) } else { Err(format!("`{name}` is true or false")) }
}

/// A power, or whether the thing counts at all.
fn power(name: &str, said: &Said<'_>) -> Result<f64, String> {
    match said {
        Said::Flag(flag) => Ok(f64::from(u8::from(*flag))),
        _ => number(name, said, 0.0, 2.0),
    }
}

fn current(said: &Said<'_>) -> Result<Current, String> {
    match said {
        Said::Text("allow") => Ok(Current::Allow),
        Said::Text("exclude") => Ok(Current::Exclude),
        _ => Err("`current_item` is \"allow\" or \"exclude\"".to_owned()),
    }
}

fn distance(present: Distance, name: &str, said: &Said<'_>) -> Result<Distance, String> {
    let usual = if let Distance::Alike = present { Params::default().distance } else { present };
    let Distance::Exponential { scale: places, before, reach } = usual else {
        return Ok(present);
    };
    Ok(match name {
        "distance_places" => {
            scale(name, said)?.map_or(Distance::Alike, |scale| Distance::Exponential { scale, before, reach })
        }
        "distance_before" => {
            Distance::Exponential { scale: places, before: number(name, said, 0.0, 1.0)?, reach }
        }
        _ => Distance::Exponential { scale: places, before, reach: count(name, said, 0, 1_000)? },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_by_their_names() {
        let text = "last_items=2 newest=500 neighbours=150 position_places=0 age_days=0 distance_places=4 distance_before=0.5 distance_reach=9 \
                    rarity=false rules=0.2 current_item=exclude most_events=10";
        let settings = Settings::tried(text, &Settings::default()).unwrap();
        let distance = Distance::Exponential { scale: 4.0, before: 0.5, reach: 9 };
        let expected = Params {
            last_items: 2,
            newest: 500,
            neighbours: 150,
            position: Position::Linear,
            age: Age::Alike,
            distance,
            rarity: 0.0,
            rules: 0.2,
            current: Current::Exclude,
            ..Params::default()
        };
        assert_eq!(settings.params, expected);
        assert_eq!(settings.most_events, 10);
    }

    #[test]
    fn what_is_out_of_range_is_refused_by_its_name() {
        for text in [
            "last_items=10",
            "newest=0",
            "neighbours=1.5",
            "rarity=often",
            "rarity=3",
            "rules=-1",
            "current_item=maybe",
            "colour=red",
        ] {
            let error = Settings::tried(text, &Settings::default()).unwrap_err();
            assert!(error.contains(text.split_once('=').unwrap().0), "{error}");
        }
    }
}
