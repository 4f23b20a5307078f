//! The lines of the log.

use std::{borrow::Cow, fs, path::Path};

use jardin_contract::{Act, ActQuery, RecordedAct};
use jardin_model::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    chain::Chain,
    error::AuditError,
    segments::{Segment, list_segments},
};

/// An act as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// Its number, from 1 without a gap.
    pub(crate) n: u64,
    /// When it was done (RFC 3339).
    pub(crate) at: String,
    /// What was done, by the name of its route or command.
    pub(crate) act: String,
    /// By whom: the name of a key, `token`, `local`, or `audit` for the log itself.
    pub(crate) by: String,
    /// The pseudonym of the person whom it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) person: Option<String>,
    /// How it ended, as an HTTP status.
    pub(crate) status: u16,
}

impl Entry {
    /// An act under its number.
    pub(crate) fn of_act(n: u64, act: &Act) -> Self {
        Self {
            n,
            at: act.at.to_string(),
            act: act.what.to_string(),
            by: act.by.to_string(),
            person: act.person.map(|person| person.to_string()),
            status: act.status,
        }
    }

    /// The act that stands here; `None` where no act is written so.
    fn read_act(self) -> Option<RecordedAct> {
        let person = self.person.map(|digits| digits.parse()).transpose().ok()?;
        let (what, by) = (self.act.into(), self.by.into());
        let act = Act { at: Timestamp::parse(&self.at).ok()?, what, by, person, status: self.status };
        Some(RecordedAct { number: self.n, act })
    }
}

/// What was decided for an answer, as it stands in a log of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Its number, from 1 without a gap; the log gives it.
    pub n: u64,
    /// The hour of it (RFC 3339).
    pub at: String,
    /// Which answer, by its recommendation id.
    pub answer: String,
    /// Where it was shown.
    pub placement: String,
    /// The revision of the policy, which says what each strategy was granted.
    pub policy: String,
    /// What became of each strategy.
    pub strategies: String,
    /// The pseudonym of the person whom it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
}

/// What a log records.
#[derive(Debug, Clone)]
pub enum Record {
    /// An act.
    Act(Act),
    /// A decision, whose number the log gives.
    Decision(Decision),
}

impl Record {
    /// Writes its line under a number behind what stands there; gives its time.
    pub(crate) fn write_line(&mut self, n: u64, bytes: &mut Vec<u8>) -> String {
        match self {
            Self::Act(act) => {
                let entry = Entry::of_act(n, act);
                let at = entry.at.clone();
                Line::Entry(entry).write_to(bytes);
                at
            }
            Self::Decision(decision) => {
                decision.n = n;
                write_json(decision, bytes);
                decision.at.clone()
            }
        }
    }
}

/// A line of the log.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Line<'a> {
    /// An act.
    Entry(Entry),
    /// A decision.
    Decision(Decision),
    /// The end of a batch.
    Chained(#[serde(borrow)] Chained<'a>),
}

/// Binds the batch before it: after so many entries in all the chain is this.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chained<'a> {
    pub(crate) through: u64,
    pub(crate) chain: Cow<'a, str>,
}

impl Line<'_> {
    pub(crate) fn chained(through: u64, chain: Chain) -> Self {
        Self::Chained(Chained { through, chain: chain.to_string().into() })
    }

    /// The number and the time of an entry; `None` for the end of a batch.
    pub(crate) fn entry_number(&self) -> Option<(u64, &str)> {
        match self {
            Self::Entry(entry) => Some((entry.n, &entry.at)),
            Self::Decision(decision) => Some((decision.n, &decision.at)),
            Self::Chained(_) => None,
        }
    }

    /// As it is written, with its end.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes);
        bytes
    }

    /// Writes it behind what stands there, with its end.
    pub(crate) fn write_to(&self, bytes: &mut Vec<u8>) {
        write_json(self, bytes);
    }
}

fn write_json(line: &impl Serialize, bytes: &mut Vec<u8>) {
    // text and numbers alone cannot fail to be written
    let _ = serde_json::to_writer(&mut *bytes, line);
    bytes.push(b'\n');
}

/// The newest acts of a log that a query asks for, newest first. They are read and not verified.
///
/// # Errors
/// [`AuditError::File`] where the folder cannot be read.
pub fn read_acts(folder: &Path, query: &ActQuery) -> Result<Vec<RecordedAct>, AuditError> {
    read_newest(folder, query.limit, |line| match line {
        Line::Entry(entry) => entry.read_act().filter(|recorded| query.asks_for(recorded)),
        _ => None,
    })
}

/// The newest decisions of a log, newest first; of one answer alone where it is named. They are read and not verified.
///
/// # Errors
/// [`AuditError::File`] where the folder cannot be read.
pub fn read_decisions(
    folder: &Path,
    limit: usize,
    answer: Option<&str>,
) -> Result<Vec<Decision>, AuditError> {
    read_newest(folder, limit, |line| match line {
        Line::Decision(decision) => Some(decision).filter(|d| answer.is_none_or(|answer| d.answer == answer)),
        _ => None,
    })
}

fn read_newest<T>(
    folder: &Path,
    limit: usize,
    choose: impl Fn(Line<'_>) -> Option<T>,
) -> Result<Vec<T>, AuditError> {
    let mut newest_first = Vec::new();
    for Segment { path, .. } in list_segments(folder)?.into_iter().rev() {
        if newest_first.len() >= limit {
            break;
        }
        let text = fs::read(&path).map_err(AuditError::at(&path))?;
        let lines = text.split(|byte| *byte == b'\n').rev();
        let chosen = lines.filter_map(|line| choose(serde_json::from_slice(line).ok()?));
        newest_first.extend(chosen.take(limit - newest_first.len()));
    }
    Ok(newest_first)
}
