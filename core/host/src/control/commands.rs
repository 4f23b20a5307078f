//! What a running shop answers on its control socket.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use jardin_compliance::observed_as_json;
use jardin_contract::{ControlError, FileFinding, FolderCheck, HostControl, ReloadReport, ShopRevision};
use jardin_diagnostics::{Report, Severity, line_and_column};
use jardin_policy::Stop;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::{
    AnswerFate, CheckedShop, FolderAct, Host, HostError, Notice, ShopFolder,
    breach::{count_touched, read_span, touched_json},
    history::{read_history, revision_as_json},
    items_beside::beside_json,
    stored::{StoredQuery, answer_stored},
};

/// The commands that change the shop, and the one that reads everybody's records, under numbers.
const RECORDED: [&str; 11] = [
    "accept-clock",
    "answers",
    "back-up",
    "events",
    "items",
    "keep-items",
    "put-items-back",
    "remove-items-beside",
    "roll-back",
    "rotate-master",
    "stored",
];

#[async_trait]
impl HostControl for Host {
    async fn check(&self) -> Result<FolderCheck, ControlError> {
        let folder = ShopFolder::open(self.folder.path(), self.folder.program()).map_err(control_error)?;
        let checked = CheckedShop::of_folder(&folder, self.clock.now()).map_err(control_error)?;
        Ok(FolderCheck {
            findings: checked.files.iter().flat_map(|file| findings_of(&file.report)).collect(),
            unchecked: checked.unchecked.into_iter().map(Arc::from).collect(),
        })
    }

    async fn reload(&self) -> ReloadReport {
        let reload = self.reload_folder().await;
        let mut report = ReloadReport {
            applied: reload.applied.into_iter().map(Arc::from).collect(),
            needs_restart: reload.needs_restart.into_iter().map(Arc::from).collect(),
            ..ReloadReport::default()
        };
        for notice in &reload.notices {
            if let Notice::Findings(found) = notice {
                report.findings.extend(findings_of(found));
            }
        }
        for error in &reload.refused {
            if let HostError::Refused(found) = error {
                report.findings.extend(findings_of(found));
            }
            report.refused.push(error.to_string().into());
        }
        report
    }

    async fn stop(&self, everything: bool, strategies: &[&str]) -> Result<Stop, ControlError> {
        self.engine.put_stop(everything, strategies).await.map_err(|problem| control_error(problem.into()))
    }

    fn list_history(&self) -> Result<Vec<ShopRevision>, ControlError> {
        read_history(&self.data).map_err(control_error)
    }

    async fn roll_back(
        &self,
        beginning: &str,
        by: &str,
        may_change_policy: bool,
    ) -> Result<ShopRevision, ControlError> {
        let rolled_back = Self::roll_back(self, beginning, by, may_change_policy).await;
        rolled_back.map_err(control_error)
    }

    async fn preview(&self, question: &[u8], may_read_secrets: bool) -> Result<Vec<u8>, ControlError> {
        let not_understood = || control_error(HostError::Unusable("the question is not understood".into()));
        let question: Value = serde_json::from_slice(question).map_err(|_| not_understood())?;
        let answer = Self::preview(self, question, may_read_secrets).await.map_err(control_error)?;
        Ok(answer.to_string().into_bytes())
    }

    async fn answer_command(&self, name: &str, question: &[u8]) -> Result<Vec<u8>, ControlError> {
        let question: Value = serde_json::from_slice(question).map_err(|_| not_understood())?;
        let answer = self.do_command(name, question);
        let answer =
            if RECORDED.contains(&name) { self.record_ended(name, answer).await } else { answer.await };
        Ok(answer?.to_string().into_bytes())
    }
}

fn not_understood() -> ControlError {
    control_error(HostError::Unusable("the question is not understood".into()))
}

impl Host {
    async fn do_command(&self, name: &str, question: Value) -> Result<Value, ControlError> {
        Ok(match name {
            "folder" => {
                let path = self.folder.path();
                json!(path.canonicalize().unwrap_or_else(|_| path.to_owned()).display().to_string())
            }
            "check" => check_json(&self.check().await?),
            "reload" => reload_json(&self.reload().await),
            "accept-clock" => {
                self.engine.accept_clock().await.map_err(|problem| control_error(problem.into()))?;
                json!(null)
            }
            "put-items-back" => {
                json!(self.engine.put_items_back().await.map_err(|problem| control_error(problem.into()))?)
            }
            "keep-items" => {
                self.engine.keep_items().await.map_err(|problem| control_error(problem.into()))?;
                json!(null)
            }
            "items-beside" => beside_json(self.count_items_beside(&texts_of(&question))),
            "remove-items-beside" => {
                self.remove_items_beside(&texts_of(&question)).await.map_err(control_error)?;
                json!(null)
            }
            "back-up" => {
                let into = question.as_str().ok_or_else(not_understood)?;
                self.store.back_up(Path::new(into)).await.map_err(|error| control_error(error.into()))?;
                json!(null)
            }
            "roll-back" => {
                let beginning = question.as_str().ok_or_else(not_understood)?;
                revision_as_json(&self.roll_back(beginning, "local", true).await.map_err(control_error)?)
            }
            "rotate-master" => {
                self.store.rotate_master_key().await.map_err(|error| control_error(error.into()))?;
                json!(null)
            }
            "record" => {
                let act = question.as_str().and_then(FolderAct::of_word).ok_or_else(not_understood)?;
                self.audit.record_command(&act.word(), self.clock.now(), true);
                json!(null)
            }
            "touched" => {
                let span = read_span(&question).ok_or_else(not_understood)?;
                let counted = count_touched(&*self.store, span).await;
                // whoever asks reads the audit's files next
                let audit = Arc::clone(&self.audit);
                let _ = spawn_blocking(move || audit.flush()).await;
                touched_json(&counted.map_err(|error| control_error(error.into()))?)
            }
            "observed" => json!(observed_as_json(&self.engine.observed())),
            "stored" => {
                let query = StoredQuery::from_json(&question).ok_or_else(not_understood)?;
                answer_stored(&*self.store, query).await.map_err(|error| control_error(error.into()))?
            }
            "items" | "judged-items" => {
                let dry_run = name == "judged-items";
                self.import_items(&list_of(question), dry_run).await.map_err(control_error)?.to_json()
            }
            "events" | "judged-events" => {
                let dry_run = name == "judged-events";
                self.import_events(list_of(question), dry_run).await.map_err(control_error)?.to_json()
            }
            "judged-answers" => {
                self.judge_answers(&list_of(question)).iter().map(AnswerFate::to_json).collect()
            }
            "answers" => {
                let fates = self.import_answers(&list_of(question)).await.map_err(control_error)?;
                fates.iter().map(AnswerFate::to_json).collect()
            }
            _ => return Err(not_understood()),
        })
    }
}

/// `{findings, unchecked}`.
fn check_json(check: &FolderCheck) -> Value {
    json!({ "findings": findings_json(&check.findings), "unchecked": texts_json(&check.unchecked) })
}

/// `{applied, needs_restart, refused, findings}`.
fn reload_json(reload: &ReloadReport) -> Value {
    json!({
        "applied": texts_json(&reload.applied),
        "needs_restart": texts_json(&reload.needs_restart),
        "refused": texts_json(&reload.refused),
        "findings": findings_json(&reload.findings),
    })
}

fn texts_json(texts: &[Arc<str>]) -> Value {
    texts.iter().map(|text| json!(&**text)).collect()
}

/// Each `{file, line, column, code, error, message, help}`.
fn findings_json(findings: &[FileFinding]) -> Value {
    let one = |finding: &FileFinding| {
        json!({
            "file": &*finding.file,
            "line": finding.at.0,
            "column": finding.at.1,
            "code": &*finding.code,
            "error": finding.is_error,
            "message": &*finding.message,
            "help": finding.help.as_deref(),
        })
    };
    findings.iter().map(one).collect()
}

fn texts_of(question: &Value) -> Vec<&str> {
    question.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn list_of(question: Value) -> Vec<Value> {
    if let Value::Array(list) = question { list } else { Vec::new() }
}

fn control_error(error: HostError) -> ControlError {
    ControlError { what: error.to_string().into() }
}

fn findings_of(report: &Report) -> Vec<FileFinding> {
    let found = report.findings.iter().map(|finding| FileFinding {
        file: Arc::clone(&report.file),
        at: line_and_column(&report.source, finding.span.start),
        code: finding.code.word().into(),
        is_error: finding.code.severity() == Severity::Error,
        message: finding.message.as_str().into(),
        help: finding.help.as_deref().map(Arc::from),
    });
    found.collect()
}
