//! Answers to consent questions from a file: what a shop asked before it had Jardin.

use std::{collections::HashSet, path::Path};

use anyhow::bail;
use jardin_host::{AnswerFate, OpenShop, answer_time};
use serde_json::Value;
use tokio::runtime::Runtime;

/// How many answers are handed on at a time.
const ANSWERS_PER_BATCH: usize = 1_000;

/// What became of the lines of a file.
#[derive(Default)]
pub(super) struct Consents {
    /// Answers that are stored now.
    pub(super) stored: usize,
    /// Answers that were stored before.
    pub(super) known: usize,
    /// Line and reason of each that was refused.
    pub(super) refused: Vec<(u64, String)>,
}

/// Stores the answers of a file of JSON Lines, each `{"subject_id": …, "consent": …, "status": "granted" or
/// "withdrawn", "text_version": …, "at": …, "source": …}`, in the order of their times.
///
/// # Errors
/// Where the file cannot be read or the shop fails.
pub(super) fn import(
    file: &Path,
    shop: &OpenShop,
    runtime: &Runtime,
    dry_run: bool,
) -> anyhow::Result<Consents> {
    let opened = jardin_import::open(file, None)?;
    if opened.shape.shape_name() != "json-lines" {
        bail!("`{}` is not a .jsonl: answers are read from JSON Lines", file.display());
    }
    let (mut answers, mut done): (Vec<(u64, Value)>, _) = (Vec::new(), Consents::default());
    let summary = jardin_import::json_lines(opened.content, &mut |batch| {
        answers.extend(batch.lines.iter().copied().zip(batch.events));
        Ok(())
    })?;
    let bad_rows = summary.bad_rows.iter();
    done.refused.extend(bad_rows.map(|bad| (bad.line, "the line is not an answer in JSON".to_owned())));
    // one whose time cannot be read counts as of now
    answers.sort_by_key(|(line, answer)| (answer_time(answer).is_none(), answer_time(answer), *line));
    // what stands twice in a file is known the second time
    let mut seen = HashSet::new();
    let all = answers.len();
    answers.retain(|(_, answer)| seen.insert(answer.to_string()));
    done.known += all - answers.len();
    for batch in answers.chunks(ANSWERS_PER_BATCH) {
        let answers = batch.iter().map(|(_, answer)| answer.clone()).collect();
        let fates = runtime.block_on(shop.put_answers(answers, dry_run))?;
        for ((line, _), fate) in batch.iter().zip(fates) {
            match fate {
                AnswerFate::Stored => done.stored += 1,
                AnswerFate::Known => done.known += 1,
                AnswerFate::Refused(why) => done.refused.push((*line, why)),
            }
        }
    }
    done.refused.sort_unstable();
    Ok(done)
}
