//! Choosing settings on validation questions.

/// Settings by name, as settings files write them.
pub type Settings = Vec<(&'static str, String)>;

/// Changes of settings that are tried one after the other, each of one setting or of some that only make
/// sense together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis(Vec<Settings>);

impl Axis {
    /// One setting with the values to be tried; they print themselves.
    pub fn new<T: ToString>(name: &'static str, values: impl IntoIterator<Item = T>) -> Self {
        Self(values.into_iter().map(|v| vec![(name, v.to_string())]).collect())
    }

    /// Settings that are tried together.
    #[must_use]
    pub const fn of(changes: Vec<Settings>) -> Self {
        Self(changes)
    }

    /// How many changes it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// True where there is nothing to try.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Settings with what they reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Name and value of every setting that is not as it comes.
    pub settings: Settings,
    /// What they reached; more is better.
    pub reached: f64,
}

impl Step {
    /// The settings as one text: `newest=500 rarity=0`.
    #[must_use]
    pub fn text(&self) -> String {
        let parts = self.settings.iter().map(|(name, value)| format!("{name}={value}"));
        parts.collect::<Vec<String>>().join(" ")
    }

    fn with(&self, change: &Settings) -> Self {
        let mut settings = self.settings.clone();
        settings.retain(|(name, _)| change.iter().all(|(other, _)| name != other));
        settings.extend(change.iter().cloned());
        Self { settings, reached: f64::NEG_INFINITY }
    }

    fn has(&self, change: &Settings) -> bool {
        change.iter().all(|setting| self.settings.contains(setting))
    }
}

/// Begins at the best of what comes and `starts`, goes along one axis after the other, `rounds` times, and
/// keeps each value that reaches more by at least `margin`; so of two that are as good the first stays, which
/// should be the cheaper one. It ends where a round changes nothing.
///
/// # Errors
/// The first of `reach`, which measures settings on validation questions.
pub fn tune<E>(
    starts: &[Settings],
    axes: &[Axis],
    rounds: usize,
    margin: f64,
    mut reach: impl FnMut(&Step) -> Result<f64, E>,
) -> Result<Step, E> {
    let mut best = Step { settings: Vec::new(), reached: 0.0 };
    best.reached = reach(&best)?;
    let as_it_comes = best.clone();
    for start in starts {
        try_out(&as_it_comes, start, &mut best, margin, &mut reach)?;
    }
    for _ in 0..rounds {
        let before = best.reached;
        for change in axes.iter().flat_map(|axis| &axis.0) {
            if !best.has(change) {
                let from = best.clone();
                try_out(&from, change, &mut best, margin, &mut reach)?;
            }
        }
        if best.reached <= before {
            break;
        }
    }
    Ok(best)
}

fn try_out<E>(
    from: &Step,
    change: &Settings,
    best: &mut Step,
    margin: f64,
    reach: &mut impl FnMut(&Step) -> Result<f64, E>,
) -> Result<(), E> {
    let mut step = from.with(change);
    step.reached = reach(&step)?;
    if step.reached > best.reached + margin {
        *best = step;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(step: &Step, name: &str) -> f64 {
        let found = step.settings.iter().find(|(n, _)| *n == name);
        found.map_or(0.0, |(_, v)| v.parse().unwrap())
    }

    #[test]
    fn finds_the_top_of_a_hill_along_its_axes() {
        let axes = [Axis::new("x", [0, 1, 2, 3, 4]), Axis::new("y", [0, 1, 2, 3, 4])];
        // the best y depends on x
        let hill = |x: f64, y: f64| -(x - 3.0).powi(2) - (y - x).powi(2);
        let mut tried = 0;
        let best = tune(&[], &axes, 10, 0.0, |step| {
            tried += 1;
            Ok::<f64, ()>(hill(value(step, "x"), value(step, "y")))
        });
        let best = best.unwrap();
        assert_eq!(best.reached, hill(value(&best, "x"), value(&best, "y")));
        assert!(best.reached >= -1.0, "{best:?}");
        assert!(tried < 100);
    }

    /// A ridge that no single step climbs: x and y must move together.
    #[test]
    fn settings_that_belong_together_are_tried_together_and_from_the_best_start() {
        let ridge = |step: &Step| {
            Ok::<f64, ()>(-(value(step, "x") - value(step, "y")).abs() * 9.0 + value(step, "x"))
        };
        let both = |n: u32| vec![("x", n.to_string()), ("y", n.to_string())];
        let alone = [Axis::new("x", [1, 2, 3]), Axis::new("y", [1, 2, 3])];
        assert_eq!(tune(&[], &alone, 5, 0.0, ridge).unwrap().reached, 0.0);
        assert_eq!(tune(&[], &[Axis::of(vec![both(1), both(2)])], 5, 0.0, ridge).unwrap().reached, 2.0);
        assert_eq!(tune(&[both(3), both(1)], &alone, 5, 0.0, ridge).unwrap().reached, 3.0);
    }

    #[test]
    fn keeps_what_comes_where_nothing_is_better_by_the_margin() {
        let best = tune(&[], &[Axis::new("x", [1, 2])], 3, 0.1, |step| {
            Ok::<f64, ()>(step.settings.len() as f64 * 0.05)
        })
        .unwrap();
        assert!(best.settings.is_empty());
        assert_eq!(best.text(), "");
    }
}
