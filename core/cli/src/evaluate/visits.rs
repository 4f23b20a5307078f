//! Sessions as session_knn learns them, beside the engine: what must be asked a hundred thousand times is
//! asked here, of the same code on the same sessions.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jardin_evaluate::{Line, Measured, Question, Session, Shares, Tally};
use session_knn::{Current, Index, Limits, Params, PeopleRule, Plan, Row, Scratch, Weights};

use super::CurrentItem;

/// An item that no visit holds.
const UNKNOWN: u32 = u32::MAX;

/// One session that may be learned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Visit {
    /// Hours since 1970-01-01 UTC.
    pub(super) hour: u32,
    pub(super) items: Vec<u32>,
    /// Whose it is, by a number; `None` where that is not known.
    pub(super) person: Option<u32>,
}

/// Items by number, in the order of their ids, as the engine numbers those of a table.
pub(super) struct Numbers<'a>(BTreeMap<&'a str, u32>);

impl<'a> Numbers<'a> {
    pub(super) fn new(sessions: &'a [Session]) -> Self {
        let mut numbers: BTreeMap<&str, u32> =
            sessions.iter().flat_map(|s| &s.items).map(|id| (&**id, 0)).collect();
        numbers.values_mut().zip(0..).for_each(|(number, n)| *number = n);
        Self(numbers)
    }

    fn number(&self, id: &str) -> u32 {
        self.0.get(id).copied().unwrap_or(UNKNOWN)
    }

    /// The sessions of a table in their order.
    pub(super) fn visits(&self, sessions: &[Session]) -> Vec<Visit> {
        let visit = |session: &Session| Visit {
            hour: u32::try_from(session.at.div_euclid(3_600)).unwrap_or(0),
            items: session.items.iter().map(|id| self.number(id)).collect(),
            person: None,
        };
        sessions.iter().map(visit).collect()
    }
}

/// What fewer people did is not shown; each counts as often as they come.
pub(super) const fn at_least(people: usize) -> PeopleRule {
    PeopleRule { at_least: people, a_person_counts: usize::MAX }
}

/// An index that has learned visits, in their order.
pub(super) fn index_of(visits: &[Visit], rule: PeopleRule) -> anyhow::Result<Index> {
    let mut index = Index::new(Limits { events: usize::MAX / 2, items: UNKNOWN }).counting_people(rule);
    let mut rows = Vec::new();
    for (n, visit) in (0_u64..).zip(visits) {
        rows.clear();
        rows.extend((0_u32..).zip(&visit.items).map(|(ordinal, item)| Row {
            session: n,
            sequence: n,
            ordinal,
            item: *item,
            kind: 0,
            hour: visit.hour,
            person: visit.person,
        }));
        index.observe(&rows)?;
    }
    Ok(index)
}

/// Parameters with settings laid over them, as jardin.toml names them.
pub(super) fn laid_over(mut params: Params, settings: &[(String, String)]) -> anyhow::Result<Params> {
    for (name, value) in settings {
        if name == "weights" {
            params.weights = Weights::read(value).map_err(anyhow::Error::msg)?;
        } else if let Ok(number) = value.parse() {
            params.set(name, number).map_err(anyhow::Error::msg)?;
        }
    }
    Ok(params)
}

/// Whether the newest item may come again.
pub(super) const fn current(args: CurrentItem) -> Current {
    match args {
        CurrentItem::Allow => Current::Allow,
        CurrentItem::Exclude => Current::Exclude,
    }
}

/// The same questions where only items come that a number of people had, a line a number. A visit of nobody
/// known counts as a person.
pub(super) fn people_lines(
    sessions: &[Session],
    questions: &[Question],
    params: Params,
    least: &[usize],
    k: usize,
) -> anyhow::Result<Vec<Line>> {
    let numbers = Numbers::new(sessions);
    let visits = numbers.visits(sessions);
    let ids: Vec<&str> = numbers.0.keys().copied().collect();
    let shares = Shares::count_visits(sessions.iter().map(|s| &s.items));
    let mut lines = Vec::new();
    for people in least {
        let mut index = index_of(&visits, at_least(*people))?;
        let plan = Plan::new(params);
        let mut scratch = Scratch::default();
        let mut tally = Tally::new(k).with_shares(shares.clone());
        for question in questions {
            let shown: Vec<u32> = question.shown.iter().map(|id| numbers.number(id)).collect();
            let found = index.query(&shown, None, k, &plan, &mut scratch);
            let items: Option<Vec<_>> =
                found.iter().map(|scored| ids.get(scored.item as usize).map(|id| (*id).into())).collect();
            tally.add(question, &items.context("an answer is not of the training")?);
        }
        let measured = Measured { figures: tally.figures(), ..Measured::default() };
        lines.push(Line { name: format!("of at least {people}"), measured });
    }
    Ok(lines)
}
