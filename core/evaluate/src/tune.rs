//! Choosing settings on validation questions.

/// One setting with the values to be tried, as settings files write them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// The setting's name.
    pub name: &'static str,
    /// Its values.
    pub values: Vec<String>,
}

impl Axis {
    /// An axis of values that print themselves.
    pub fn new<T: ToString>(name: &'static str, values: impl IntoIterator<Item = T>) -> Self {
        Self {
            name,
            values: values.into_iter().map(|v| v.to_string()).collect(),
        }
    }
}

/// Settings with what they reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Name and value of every setting that is not as it comes.
    pub settings: Vec<(&'static str, String)>,
    /// What they reached; more is better.
    pub reached: f64,
}

impl Step {
    /// The settings as one text: `newest=500 rarity=false`.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = self.settings.iter().map(|(name, value)| format!("{name}={value}"));
        parts.collect::<Vec<String>>().join(" ")
    }

    fn with(&self, name: &'static str, value: &str) -> Self {
        let mut settings = self.settings.clone();
        settings.retain(|(n, _)| *n != name);
        settings.push((name, value.to_owned()));
        Self {
            settings,
            reached: f64::NEG_INFINITY,
        }
    }
}

/// Goes along one axis after the other, `rounds` times, and keeps each value that reaches more by at least `margin`; so of two that are as good
/// the first stays, which should be the cheaper one. It ends where a round changes nothing.
///
/// # Errors
/// The first of `reach`, which measures settings on validation questions.
pub fn tune<E>(axes: &[Axis], rounds: usize, margin: f64, mut reach: impl FnMut(&Step) -> Result<f64, E>) -> Result<Step, E> {
    let mut best = Step {
        settings: Vec::new(),
        reached: 0.0,
    };
    best.reached = reach(&best)?;
    for _ in 0..rounds {
        let before = best.reached;
        for axis in axes {
            for value in &axis.values {
                let mut step = best.with(axis.name, value);
                if best.settings.contains(&(axis.name, value.clone())) {
                    continue;
                }
                step.reached = reach(&step)?;
                if step.reached > best.reached + margin {
                    best = step;
                }
            }
        }
        if best.reached <= before {
            break;
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_top_of_a_hill_along_its_axes() {
        let axes = [Axis::new("x", [0, 1, 2, 3, 4]), Axis::new("y", [0, 1, 2, 3, 4])];
        // the best y depends on x
        let hill = |x: f64, y: f64| -(x - 3.0).powi(2) - (y - x).powi(2);
        let value = |step: &Step, name: &str| {
            step.settings
                .iter()
                .find(|(n, _)| *n == name)
                .map_or(0.0, |(_, v)| v.parse().unwrap())
        };
        let mut tried = 0;
        let best = tune(&axes, 10, 0.0, |step| {
            tried += 1;
            Ok::<f64, ()>(hill(value(step, "x"), value(step, "y")))
        });
        let best = best.unwrap();
        assert_eq!(best.reached, hill(value(&best, "x"), value(&best, "y")));
        assert!(best.reached >= -1.0, "{best:?}");
        assert!(tried < 100);
    }

    #[test]
    fn keeps_what_comes_where_nothing_is_better_by_the_margin() {
        let best = tune(&[Axis::new("x", [1, 2])], 3, 0.1, |step| {
            Ok::<f64, ()>(step.settings.len() as f64 * 0.05)
        })
        .unwrap();
        assert!(best.settings.is_empty());
        assert_eq!(best.text(), "");
    }
}
