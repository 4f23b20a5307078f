//! The settings of every strategy in every placement, laid over each other once and kept until a campaign begins
//! or ends.
//!
//! They depend on jardin.toml and the time and on nobody, and each jardin.toml has a plan of its own.

use std::{collections::BTreeMap, sync::Arc};

use arc_swap::ArcSwap;
use jardin_contract::Params;
use jardin_model::Timestamp;
use jardin_policy::StrategyName;

use crate::config::Config;

/// The settings of one jardin.toml.
pub(crate) struct SettingsPlan {
    config: Arc<Config>,
    strategies: Vec<StrategyName>,
    planned: ArcSwap<PlannedSettings>,
}

/// Settings that hold from one instant until before another.
struct PlannedSettings {
    from: Timestamp,
    until: Timestamp,
    by_place: BTreeMap<Arc<str>, BTreeMap<StrategyName, Params>>,
}

impl SettingsPlan {
    /// A plan for these strategies; nothing is laid over each other yet.
    pub(crate) fn new(config: Arc<Config>, strategies: Vec<StrategyName>) -> Self {
        let never = Timestamp::from_ms(i64::MIN);
        let planned = PlannedSettings { from: never, until: never, by_place: BTreeMap::new() };
        Self { config, strategies, planned: ArcSwap::from_pointee(planned) }
    }

    /// A strategy's settings in a placement.
    pub(crate) fn params_for(&self, strategy: &StrategyName, place: &str, now: Timestamp) -> Params {
        let mut planned = self.planned.load_full();
        if now < planned.from || now >= planned.until {
            planned = Arc::new(self.plan_settings(now));
            self.planned.store(Arc::clone(&planned));
        }
        let known = planned.by_place.get(place).and_then(|params| params.get(strategy));
        known.cloned().unwrap_or_else(|| self.config.params_for(strategy.as_str(), place, now))
    }

    fn plan_settings(&self, now: Timestamp) -> PlannedSettings {
        let edges = || self.config.campaigns.iter().flat_map(|campaign| [campaign.from, campaign.until]);
        let in_place = |place: &Arc<str>| {
            let params =
                |name: &StrategyName| (name.clone(), self.config.params_for(name.as_str(), place, now));
            (Arc::clone(place), self.strategies.iter().map(params).collect())
        };
        PlannedSettings {
            from: edges().filter(|edge| *edge <= now).max().unwrap_or(Timestamp::from_ms(i64::MIN)),
            until: edges().filter(|edge| *edge > now).min().unwrap_or(Timestamp::from_ms(i64::MAX)),
            by_place: self.config.placements.keys().map(in_place).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::shop::{POLICY, SMALL, at, policy};

    #[test]
    fn planned_settings_are_those_of_the_instant() {
        let campaign = |name: &str, from: &str, until: &str, priority: u8, season: &str| {
            format!(
                "[[campaigns]]\nname = \"{name}\"\nfrom = {from}\nuntil = {until}\npriority = {priority}\nparams = {{ house-rules = {{ season = \"{season}\" }} }}\n"
            )
        };
        let source = format!(
            "{SMALL}\n[strategies.house-rules.params]\nseason = \"none\"\n{}{}",
            campaign("winter", "2026-11-01", "2026-12-01", 0, "winter"),
            campaign("snow", "2026-11-10", "2026-11-20", 5, "snow"),
        );
        let policy = policy(POLICY);
        let config =
            Arc::new(Config::load("jardin.toml", &source, &policy).map_err(|r| r.rendered()).unwrap().0);
        let name = StrategyName::new("house-rules").unwrap();
        let plan = SettingsPlan::new(Arc::clone(&config), vec![name.clone()]);
        let mut instants: Vec<Timestamp> = config.campaigns.iter().flat_map(|c| [c.from, c.until]).collect();
        instants.extend(["2026-01-01T00:00:00Z", "2026-11-15T12:00:00Z"].map(at));
        // to and fro over every edge
        for instant in instants.iter().chain(instants.iter().rev()) {
            for now in [instant.plus_ms(-1), *instant, instant.plus_ms(1)] {
                let expected = config.params_for("house-rules", "home", now);
                assert_eq!(plan.params_for(&name, "home", now), expected, "{now}");
            }
        }
        let unplanned = StrategyName::new("for-you").unwrap();
        assert_eq!(plan.params_for(&unplanned, "home", instants[0]), Params::default());
    }
}
