//! `jardin evaluate DIR`: a shop's own events, cut in two by time, under its own policy and settings.

mod grants;
mod replay;
mod settings;
mod tuning;

use std::path::{Path, PathBuf};

use anyhow::bail;
use jardin_engine::PastSession;
use jardin_evaluate::{Report, Shares};
use jardin_host::{
    ShopContent,
    evaluation::{History, Parts, ThrowawayPlan, ThrowawayShop, cut_by_time, files_to_pin, session_end},
};
use jardin_model::{HOUR_MS, Timestamp};
use jardin_policy::{Policy, StrategyName};

use super::{EvaluateArgs, floors, progress, table, tell_pinned};
use crate::{print, serve::runtime, shop_arg::read_shop};

use replay::{Replay, Sent, json_of, questions};
use settings::{laid_over, write_config};

/// The last part of a shop's sessions: there questions are asked.
const TEST: f64 = 0.1;
/// How many questions are asked, about; they are spread over all sessions of the test.
const QUESTIONS: usize = 20_000;

/// A shop and its past.
pub(super) struct Own<'a> {
    args: &'a EvaluateArgs,
    folder: &'a ShopContent,
    data: PathBuf,
    config: String,
    history: History,
}

/// Evaluates strategies of a shop on its own events.
pub(super) fn run(args: &EvaluateArgs, path: &Path) -> anyhow::Result<Report> {
    let folder = read_shop(path)?;
    let data = folder.data_path(args.data.as_deref());
    let history = runtime()?.block_on(History::read(&folder, &data, None))?;
    let strategies = chosen(args, &folder)?;
    tell_pinned(&files_to_pin(&folder.folder, &folder.policy));
    let own = Own { args, folder: &folder, data, config: folder.config_text.to_string(), history };
    own.report(&strategies)
}

/// The named strategies, or all that stand in a chain.
fn chosen(args: &EvaluateArgs, folder: &ShopContent) -> anyhow::Result<Vec<String>> {
    let known = &folder.policy.rules().strategies;
    if let Some(unknown) = args.strategies.iter().find(|name| !known.contains_key(name.as_str())) {
        let names: Vec<&str> = known.keys().map(StrategyName::as_str).collect();
        bail!("the policy has no strategy `{unknown}`; it has {}", names.join(", "));
    }
    if !args.strategies.is_empty() {
        return Ok(args.strategies.clone());
    }
    let mut names: Vec<String> = Vec::new();
    for placement in folder.config.placements.values() {
        for name in placement.chain.iter().chain([&folder.policy.rules().fallback]) {
            if !names.iter().any(|known| known == name.as_str()) {
                names.push(name.to_string());
            }
        }
    }
    Ok(names)
}

impl Own<'_> {
    fn report(&self, strategies: &[String]) -> anyhow::Result<Report> {
        let Parts { train, test } = cut_by_time(&self.history.sessions, TEST);
        let asked: usize = test.iter().map(|s| questions(&self.history, s).len()).sum();
        if asked == 0 {
            bail!(
                "of {} sessions that strategies may learn from, the last {} % hold no question: nobody did two things in a row",
                self.history.sessions.len(),
                TEST * 100.0
            );
        }
        print::error(&format!(
            "{} sessions that strategies may learn from: the last {} since {} are the test",
            self.history.sessions.len(),
            test.len(),
            test.first().map_or(Timestamp::from_ms(0), session_end)
        ));
        let mut report = Report {
            k: usize::from(self.args.k),
            title: format!("{} on its own events", self.folder.config.name),
            ..Report::default()
        };
        let mut config = self.config.clone();
        if self.args.tune {
            let begins = test.first().map_or(Timestamp::from_ms(i64::MAX), session_end);
            for name in strategies.iter().filter(|name| self.is_session_knn(name)) {
                let tuned = tuning::choose(self, name, begins)?;
                config = laid_over(&config, name, &tuned.settings);
                report.settings.extend(tuned.settings);
                report.validation = tuned.validation;
            }
            if !report.settings.is_empty() {
                write_config(self.folder, &config)?;
            }
        }
        report.strategies = self.lines(strategies, &config, &|policy| policy, 100)?;
        let asked: Vec<_> = test.iter().flat_map(|s| questions(&self.history, s)).collect();
        let asked: Vec<_> = asked.into_iter().map(|(_, asked)| asked.question).collect();
        let shares = self.shares_of(train);
        report.floors = floors(self.args, &asked, &shares);
        if let Some(first) = strategies.first().filter(|_| self.args.price_of_privacy) {
            report.privacy = grants::price(self, first, &config)?;
        }
        Ok(report)
    }

    fn shares_of(&self, sessions: &[PastSession]) -> Shares {
        Shares::count_visits(sessions.chunks(1).map(|session| self.history.items_in(session)))
    }

    fn is_session_knn(&self, name: &str) -> bool {
        let rule = self.folder.policy.strategy(name);
        rule.is_some_and(|r| r.kind == jardin_policy::StrategyKind::Plugin("session_knn".into()))
    }

    /// Teaches the earlier part and replays the later one. `agree` per cent of those who permit it today take
    /// part in the training.
    fn lines(
        &self,
        strategies: &[String],
        config: &str,
        change: &dyn Fn(Policy) -> Policy,
        agree: u32,
    ) -> anyhow::Result<Vec<jardin_evaluate::Line>> {
        let Parts { train, test } = cut_by_time(&self.history.sessions, TEST);
        let takes_part = |s: &&PastSession| {
            s.subject.as_ref().is_none_or(|r| super::privacy::agrees(r.person.0 as usize, agree))
        };
        let learned: Vec<&PastSession> = train.iter().filter(takes_part).collect();
        let config = self.with_places(config, strategies);
        let at = train.last().map_or(Timestamp::from_ms(0), session_end);
        let shop = self.start_taught_shop(&self.folder.policy_text, &config, change, &learned, at)?;
        let asked: usize = test.iter().map(|s| questions(&self.history, s).len()).sum();
        let shares = self.shares_of(train);
        let replay = Replay {
            shop: &shop,
            history: &self.history,
            test,
            every: asked.div_ceil(QUESTIONS).max(1),
            k: usize::from(self.args.k),
            sent: Sent::of(&self.folder.policy),
            shares: &shares,
        };
        replay.run(strategies)
    }

    /// A shop on which these sessions happened and were learned from where that is permitted.
    fn start_taught_shop(
        &self,
        policy: &str,
        config: &str,
        change: &dyn Fn(Policy) -> Policy,
        sessions: &[&PastSession],
        at: Timestamp,
    ) -> anyhow::Result<ThrowawayShop> {
        let all = &self.history.sessions;
        let shop = ThrowawayShop::start(&ThrowawayPlan {
            policy,
            config,
            folder: &self.folder.folder,
            // what is counted by the hour is counted again once everything has happened
            now: at.plus_ms(-2 * HOUR_MS),
            fill: &|store, runtime| {
                runtime.block_on(self.history.fill_store(store, &self.folder.policy, all, at))
            },
            change,
        })?;
        print::notices(&shop.notices);
        shop.clock.set(at);
        let mut events: Vec<_> =
            sessions.iter().flat_map(|s| s.events.iter().map(move |e| (*s, e))).collect();
        events.sort_by_key(|(_, event)| event.sequence);
        let bar = progress(events.len(), "learning");
        let json = events.iter().map(|(session, event)| json_of(&self.history, session, event));
        let refused = shop.put_events(json, |count| bar.inc(count as u64))?;
        shop.teach_strategies();
        bar.finish_and_clear();
        if refused > 0 {
            print::error(&format!("warning: the policy refuses {refused} of {} events", events.len()));
        }
        Ok(shop)
    }

    /// jardin.toml with a place for each strategy.
    fn with_places(&self, config: &str, strategies: &[String]) -> String {
        let places = strategies.iter().map(|name| table::place(name, self.args));
        std::iter::once(format!("{config}\n")).chain(places).collect()
    }
}
