//! `[placements.*]`: places on pages.

use std::{collections::BTreeMap, sync::Arc};

use jardin_diagnostics::{Span, TomlTable, TomlValue, codes::INVALID_VALUE};
use jardin_policy::{
    StrategyKind, StrategyName,
    rules::{Basis, Texts},
};

use super::{
    calls,
    hiding::find_hiding,
    leave_out::{LeaveOut, read_leave_out},
    names::ShopNames,
    public_field::PublicField,
    repeated_items::{Repeats, read_repeats},
};
use crate::codes::{ALWAYS_CALLED, FINISH_READS_PERSON};

/// The most items of one place.
const MAX_ITEMS: i64 = 1000;

/// One place on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Its name.
    pub name: Arc<str>,
    /// What stands above it.
    pub title: Texts,
    /// Its strategies in order; the policy's fallback follows.
    pub chain: Vec<StrategyName>,
    /// The strategy that is laid over every list.
    pub finish: Option<StrategyName>,
    /// How many items.
    pub limit: usize,
    /// What a page is filled from that its chain leaves short.
    pub fill: Fill,
    /// How many items a list has at least; a shorter one is not shown. 0 where every list is.
    pub at_least: usize,
    /// The item fields that come with each item where a request asks for no others.
    pub show: Vec<Arc<PublicField>>,
    /// What is not shown.
    pub leave_out: Vec<LeaveOut>,
    /// Strategies of the chain behind the first that are called for every request: whether a plugin is called
    /// must not tell it what it is not granted.
    pub always_called: Vec<StrategyName>,
    /// The same for a list in a batch that repeats no item of the lists above.
    pub always_called_below: Vec<StrategyName>,
}

/// What a page is filled from that its chain leaves short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// The policy's fallback.
    Fallback,
    /// Nothing: what its title says holds for every item.
    Nothing,
}

impl Fill {
    const WORDS: [(&'static str, Self); 2] = [("fallback", Self::Fallback), ("no", Self::Nothing)];
}

pub(super) fn read_placements(root: &TomlTable<'_>, names: &ShopNames<'_>) -> BTreeMap<Arc<str>, Placement> {
    let entries =
        root.get("placements").and_then(|n| n.table("[placements]")).map(|t| t.entries()).unwrap_or_default();
    entries.into_iter().filter_map(|e| Some((e.key.into(), read_placement(e.node, e.key, names)?))).collect()
}

fn read_placement(node: TomlValue<'_>, name: &str, names: &ShopNames<'_>) -> Option<Placement> {
    let table = node.table(format!("[placements.{name}]"))?;
    let title = table.get("title").map(|n| names.texts(n, &format!("title of `{name}`")));
    let chain = table.require("chain", "[\"for-you\"]").and_then(|n| n.texts()).unwrap_or_default();
    let finish = table.get("finish").and_then(|n| read_finish(n, names));
    let limit = table.require("limit", "12").and_then(|n| n.integer(1, MAX_ITEMS));
    let fill = table.get("fill").and_then(|n| n.word("filling of a page", &Fill::WORDS));
    let at_least = table.get("at_least").and_then(|n| n.integer(1, limit.unwrap_or(MAX_ITEMS)));
    let show = table.get("show").map(|n| names.shown_fields(n)).unwrap_or_default();
    let leave_out = table.get("leave_out").map(|n| read_leave_out(n).unwrap_or_default());
    let repeats = table.get("repeats").and_then(read_repeats);
    table.end();
    let chain: Vec<(StrategyName, Span)> =
        chain.into_iter().filter_map(|(name, span)| Some((names.strategy(name, span)?, span))).collect();
    find_repeated(&chain, names);
    let leave_out = find_left_out(leave_out, repeats, &chain, names);
    let always_called = find_always_called(&chain, &leave_out, name, names);
    if fill == Some(Fill::Nothing) {
        chain.iter().for_each(|(strategy, span)| find_hiding(strategy, *span, names));
    }
    let chain: Vec<StrategyName> = chain.into_iter().map(|(name, _)| name).collect();
    Some(Placement {
        name: name.into(),
        title: title.unwrap_or_default(),
        always_called,
        always_called_below: calls::behind_first(names.policy.rules(), &chain),
        chain,
        finish,
        limit: usize::try_from(limit?).ok()?,
        fill: fill.unwrap_or(Fill::Fallback),
        at_least: at_least.and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
        show,
        leave_out,
    })
}

/// What is not shown: what the two keys say, and where neither is given what is usual on such a page.
fn find_left_out(
    leave_out: Option<Vec<LeaveOut>>,
    repeats: Option<Repeats>,
    chain: &[(StrategyName, Span)],
    names: &ShopNames<'_>,
) -> Vec<LeaveOut> {
    let repeats = match (repeats, &leave_out) {
        (Some(repeats), _) => repeats,
        (None, Some(_)) => Repeats::Allow,
        (None, None) => Repeats::usual_for(names.policy.rules(), chain.iter().map(|(name, _)| name)),
    };
    let mut left_out = leave_out.unwrap_or_default();
    for one in repeats.left_out() {
        if !left_out.contains(one) {
            left_out.push(*one);
        }
    }
    left_out
}

/// The strategies that are called for every request, each with a finding that says so: it costs time.
fn find_always_called(
    chain: &[(StrategyName, Span)],
    leave_out: &[LeaveOut],
    placement: &str,
    names: &ShopNames<'_>,
) -> Vec<StrategyName> {
    let own: Vec<StrategyName> = chain.iter().map(|(name, _)| name.clone()).collect();
    let hidden = calls::Hidden {
        basket: leave_out.contains(&LeaveOut::Basket),
        above: leave_out.contains(&LeaveOut::ShownAbove),
    };
    let found = calls::always_called(names.policy.rules(), &own, hidden);
    for call in &found {
        let Some((_, span)) = chain.iter().find(|(name, _)| *name == call.strategy) else {
            continue;
        };
        let message = format!(
            "`{}` is called for every request of `{placement}`: plugin `{}` may keep what it sees, and whether it is called would tell it {}",
            call.strategy, call.plugin, call.tells
        );
        let help = "put it first, give a script its place, or grant it what the strategies before it read";
        names.sink.add(ALWAYS_CALLED, *span, message, Some(help.to_owned()));
    }
    found.into_iter().map(|call| call.strategy).collect()
}

/// A finish is laid over every list, so that nothing about a person may stand in its way or in its view.
fn read_finish(node: TomlValue<'_>, names: &ShopNames<'_>) -> Option<StrategyName> {
    let name = names.strategy(node.text()?, node.span)?;
    let valid = names.policy.rules();
    let rule = valid.strategies.get(&name)?;
    let reads_nothing = valid.purpose(rule.purpose).is_some_and(|p| p.basis == Basis::NothingRead)
        && !valid.reads_a_person(rule);
    if !reads_nothing {
        let help = "give it a purpose whose basis is \"nothing about a person is read\"".to_owned();
        node.finding(
            FINISH_READS_PERSON,
            format!("the finish `{name}` may read something about a person"),
            Some(help),
        );
    }
    if !matches!(rule.kind, StrategyKind::Script(_)) {
        node.finding(INVALID_VALUE, format!("the finish `{name}` is not a script"), None);
    }
    Some(name)
}

/// A strategy that stands twice in a chain has given all that it has.
fn find_repeated(chain: &[(StrategyName, Span)], names: &ShopNames<'_>) {
    for (at, (name, span)) in chain.iter().enumerate() {
        if chain.iter().take(at).any(|(before, _)| before == name) {
            let message = format!("`{name}` stands twice in this chain");
            names.sink.add(INVALID_VALUE, *span, message, Some("remove it here".to_owned()));
        }
    }
}
