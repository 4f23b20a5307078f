//! The lines of the log.

use std::{borrow::Cow, fs, path::Path};

use jardin_contract::Act;
use serde::{Deserialize, Serialize};

use crate::{
    chain::Chain,
    error::AuditError,
    segments::{Segment, list_segments},
};

/// An act as it stands in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number, from 1 without a gap.
    pub n: u64,
    /// When it was done (RFC 3339).
    pub at: String,
    /// What was done, by the name of its route or command.
    pub act: String,
    /// By whom: the name of a key, `token`, `local`, or `audit` for the log itself.
    pub by: String,
    /// The pseudonym of the person whom it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// How it ended, as an HTTP status.
    pub status: u16,
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

/// The newest entries of a log, oldest first, at most `limit` of those that `chosen` holds for. They are read and not verified.
///
/// # Errors
/// [`AuditError::File`] where the folder cannot be read.
pub fn read_entries(
    folder: &Path,
    limit: usize,
    chosen: impl Fn(&Entry) -> bool,
) -> Result<Vec<Entry>, AuditError> {
    let mut newest_first = Vec::new();
    for Segment { path, .. } in list_segments(folder)?.into_iter().rev() {
        let text = fs::read(&path).map_err(AuditError::at(&path))?;
        let entries =
            text.split(|byte| *byte == b'\n').rev().filter_map(|line| match serde_json::from_slice(line) {
                Ok(Line::Entry(entry)) => Some(entry),
                _ => None,
            });
        newest_first.extend(entries.filter(&chosen).take(limit - newest_first.len()));
        if newest_first.len() == limit {
            break;
        }
    }
    newest_first.reverse();
    Ok(newest_first)
}
