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

/// A line of the log.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Line<'a> {
    /// An act.
    Entry(Entry),
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

    /// As it is written, with its end.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // text and numbers alone cannot fail to be written
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// The newest acts of a log that a query asks for, newest first. They are read and not verified.
///
/// # Errors
/// [`AuditError::File`] where the folder cannot be read.
pub fn read_acts(folder: &Path, query: &ActQuery) -> Result<Vec<RecordedAct>, AuditError> {
    let mut newest_first = Vec::new();
    for Segment { path, .. } in list_segments(folder)?.into_iter().rev() {
        if newest_first.len() >= query.limit {
            break;
        }
        let text = fs::read(&path).map_err(AuditError::at(&path))?;
        let acts =
            text.split(|byte| *byte == b'\n').rev().filter_map(|line| match serde_json::from_slice(line) {
                Ok(Line::Entry(entry)) => entry.read_act(),
                _ => None,
            });
        let room = query.limit - newest_first.len();
        newest_first.extend(acts.filter(|recorded| query.asks_for(recorded)).take(room));
    }
    Ok(newest_first)
}
