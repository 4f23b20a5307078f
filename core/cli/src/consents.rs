//! Answers to consent questions from a file: what a shop asked before it had Jardin.

use std::{collections::HashMap, path::Path, sync::Arc};

use anyhow::{Context as _, bail};
use jardin_contract::{Clock as _, SystemClock};
use jardin_host::Host;
use jardin_import::Format;
use jardin_model::{Choice, ChoiceStatus, SubjectId, Timestamp};
use jardin_policy::Policy;
use serde_json::Value;
use tokio::runtime::Runtime;

/// An answer with whose it is and to which question.
struct Record {
    subject: SubjectId,
    consent: Arc<str>,
    choice: Choice,
}

/// What became of the lines of a file.
#[derive(Default)]
pub(crate) struct Consents {
    /// Answers that are stored now.
    pub(crate) stored: usize,
    /// Answers that were stored before.
    pub(crate) known: usize,
    /// Line and reason of each that was refused.
    pub(crate) refused: Vec<(u64, &'static str)>,
}

/// Stores the answers of a file of JSON Lines, each `{"subject_id": …, "consent": …, "status": "granted" or
/// "withdrawn", "text_version": …, "at": …, "source": …}`, in the order of their times. An answer that is
/// older than one that is stored is refused: it would end nothing and might begin again what was taken back.
///
/// # Errors
/// Where the file cannot be read or the store fails.
pub(crate) fn import(
    file: &Path,
    host: &Host,
    policy: &Policy,
    runtime: &Runtime,
) -> anyhow::Result<Consents> {
    let opened = jardin_import::open(file)?;
    if opened.format != Format::JsonLines {
        bail!("`{}` is no .jsonl: answers are read from JSON Lines", file.display());
    }
    let (now, mut records, mut done) = (SystemClock.now(), Vec::new(), Consents::default());
    let summary = jardin_import::json_lines(opened.content, &mut |batch| {
        for (json, line) in batch.events.iter().zip(batch.lines) {
            match record(json, policy, now) {
                Ok(record) => records.push((line, record)),
                Err(why) => done.refused.push((line, why)),
            }
        }
        Ok(())
    })?;
    done.refused.extend(summary.bad_rows.iter().map(|bad| (bad.line, "the line is no answer in JSON")));
    records.sort_by_key(|(line, record)| (record.choice.at, *line));
    let mut latest: HashMap<(SubjectId, Arc<str>), Timestamp> = HashMap::new();
    for (line, record) in records {
        runtime.block_on(store(host, record, line, &mut latest, &mut done))?;
    }
    done.refused.sort_unstable();
    Ok(done)
}

async fn store(
    host: &Host,
    record: Record,
    line: u64,
    latest: &mut HashMap<(SubjectId, Arc<str>), Timestamp>,
    done: &mut Consents,
) -> anyhow::Result<()> {
    let Record { subject, consent, choice } = record;
    let key = (subject, consent);
    // while the store is held, it shows what was there before this file
    let stored = host.store.subject(&key.0).await?;
    let choices = stored.as_ref().and_then(|s| s.choices.get(&key.1)).map_or(&[][..], Vec::as_slice);
    if choices.contains(&choice) {
        done.known += 1;
        return Ok(());
    }
    let last = choices.last().map(|c| c.at).max(latest.get(&key).copied());
    if last.is_some_and(|last| choice.at < last) {
        done.refused.push((line, "older than an answer that is stored"));
        return Ok(());
    }
    let at = choice.at;
    let change = host.store.put_choice(&key.0, &key.1, choice).await;
    change.context("an answer cannot be stored")?;
    latest.insert(key, at);
    done.stored += 1;
    Ok(())
}

/// An answer of its JSON.
///
/// # Errors
/// What is wrong with it; no value is repeated.
fn record(json: &Value, policy: &Policy, now: Timestamp) -> Result<Record, &'static str> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let subject = text("subject_id").and_then(|id| SubjectId::new(id).ok());
    let consent = text("consent").and_then(|name| policy.rules().consents.iter().find(|c| &*c.name == name));
    let status = match text("status") {
        Some("granted") => ChoiceStatus::Granted,
        Some("withdrawn") => ChoiceStatus::Withdrawn,
        _ => return Err("`status` is neither `granted` nor `withdrawn`"),
    };
    let at = text("at").and_then(|at| Timestamp::parse(at).ok());
    let at = at.ok_or("`at` is no instant such as 2026-01-05T10:00:00Z")?;
    if at > now {
        return Err("`at` lies in the future");
    }
    Ok(Record {
        subject: subject.ok_or("`subject_id` is missing or none")?,
        consent: consent.map(|c| Arc::clone(&c.name)).ok_or("`consent` is no question of the policy")?,
        choice: Choice {
            status,
            text_version: text("text_version").ok_or("`text_version` is missing")?.into(),
            at,
            source: text("source").ok_or("`source` is missing")?.into(),
        },
    })
}
