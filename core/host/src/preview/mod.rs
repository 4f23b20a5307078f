//! A preview: what a page would show to a made-up person, of what is in force and of a draft beside it, asked while the
//! shop serves.

mod preview_question;
mod why_not;

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, PoisonError},
};

use jardin_diagnostics::line_and_column;
use jardin_engine::Config;
use jardin_model::{FieldPath, Namespace, SubjectId, Timestamp};
use jardin_policy::{Policy, StrategyKind, StrategyName, rules::Class};
use preview_question::PreviewQuestion;
use serde_json::{Value, json};

use crate::{
    Draft, Host, HostError, ShopContent, ShopFolder,
    history::KeptRevisions,
    trial::{TrialEngine, TrialQuestion, TrialStore, TriedVersion, script_of, script_reads},
};

/// How many previews are answered within [`PERIOD_MS`]: each starts the shop's strategies anew.
const MAX_PREVIEWS: usize = 10;
/// A minute, in milliseconds.
const PERIOD_MS: i64 = 60_000;

impl Host {
    /// Answers a preview, `{placement, strategy, at, person, context, session, draft, settings, why_not}`, with `{placement,
    /// strategy, at, live, draft, why_not}`. The policy is the one in force, the person made up; what a strategy that reads a
    /// secret of the shop made of it is told by its direction alone. Whoever may not read secrets may not try a draft that
    /// does: by what it leaves out, or puts first, each value could be found.
    ///
    /// # Errors
    /// Where the question is not understood, more than ten were asked within a minute, the policy waits for its approval, or
    /// the draft has errors.
    pub async fn preview(&self, question: Value, may_read_secrets: bool) -> Result<Value, HostError> {
        let question = PreviewQuestion::from_json(question)?;
        let now = self.clock.now();
        self.admit_preview(now)?;
        let content = self.content_in_force()?;
        let draft = self.draft_content(&content, &question).map_err(describe_draft_error)?;
        if let Some(draft) = draft.as_ref().filter(|_| !may_read_secrets) {
            refuse_secrets(&content, &draft.content).map_err(describe_draft_error)?;
        }
        let placement = question.placement.clone();
        let strategy = followed_strategy(&content, &question)?;
        let asked = TrialQuestion {
            placement: placement.clone(),
            subject: question.person.as_ref().and_then(|_| SubjectId::new("somebody").ok()),
            context: question.context,
            session: question.session,
        };
        let at = question.at.unwrap_or(now);
        let (engine, _) =
            TrialEngine::start(&content, TrialStore::over_running(Arc::clone(&self.store)).await?, at)
                .await?;
        if let (Some(person), Some(id)) = (&question.person, &asked.subject) {
            engine.put_person(id, person).await?;
        }
        engine.check_items(&asked)?;
        engine.settle().await;
        let live = TriedVersion::of_question(&engine, &asked, &strategy).await?;
        let drafted = match &draft {
            Some(draft) => {
                engine.reload(&draft.content).await.map_err(describe_draft_error)?;
                Some(TriedVersion::of_question(&engine, &asked, &strategy).await?)
            }
            None => None,
        };
        let hides = |name: &StrategyName| reads_secret(&content.policy, name);
        let last = drafted.as_ref().unwrap_or(&live);
        let why_not = question
            .why_not
            .as_deref()
            .map(|item| engine.why_not_shown(last, item, &content.config.sellable))
            .transpose()?;
        Ok(json!({
            "placement": placement,
            "strategy": strategy.as_str(),
            "at": at.to_string(),
            "live": live.to_json(&hides),
            "draft": drafted.map(|drafted| drafted.to_json(&hides)),
            "why_not": why_not,
        }))
    }

    fn admit_preview(&self, now: Timestamp) -> Result<(), HostError> {
        let mut asked = self.previews.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|at| now.plus_ms(-PERIOD_MS) < *at && *at <= now);
        if asked.len() >= MAX_PREVIEWS {
            return Err(HostError::Unusable(format!(
                "{MAX_PREVIEWS} previews were asked for within a minute; ask again in a minute"
            )));
        }
        asked.push(now);
        Ok(())
    }

    /// What is in force, from the history: the folder may hold something that has errors, or that is not in force.
    fn content_in_force(&self) -> Result<ShopContent, HostError> {
        if !self.engine.health().approval.waiting.is_empty() {
            return Err(HostError::Unusable(
                "the policy waits for its approval; a preview is of a policy that is in force whole"
                    .to_owned(),
            ));
        }
        let kept = KeptRevisions::of_data(&self.data);
        let last = kept.read_log()?.pop().ok_or_else(|| {
            HostError::Unusable("the history holds no revision: look at the disk, and reload".to_owned())
        })?;
        let live = ShopFolder::open(self.folder.path(), self.folder.program())
            .unwrap_or_else(|_| self.folder.clone());
        let folder = live.with_texts_of(kept.folder_of(&last.name))?;
        let content = ShopContent::read_without_server(&folder)?;
        if content.policy.digest() != self.lock_whole().policy.digest() {
            return Err(HostError::Unusable(
                "the history does not hold what is in force: look at the disk, and reload".to_owned(),
            ));
        }
        Ok(ShopContent { server: self.lock_server().config(), ..content })
    }

    /// The content with the draft of a script or of the settings in the place of the live ones; `None` where there is none.
    fn draft_content(
        &self,
        content: &ShopContent,
        question: &PreviewQuestion,
    ) -> Result<Option<DraftContent>, HostError> {
        let mut drafted = DraftContent { content: content.clone(), file: None };
        if let Some(settings) = &question.settings {
            let (config, _) = Config::load("the draft of jardin.toml", settings, &content.policy)?;
            drafted.content.config = Arc::new(config);
            drafted.content.config_text = settings.as_str().into();
        }
        if let Some(draft) = &question.draft {
            let (_, live) = script_of(content, &draft.script)?;
            let path = self.write_draft(&draft.text)?;
            drafted.file = Some(path.clone());
            drafted.content.draft = Some(Draft { live, path });
        }
        let is_draft = question.settings.is_some() || question.draft.is_some();
        Ok(is_draft.then_some(drafted))
    }

    fn write_draft(&self, text: &str) -> Result<PathBuf, HostError> {
        let number = self.drafts.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = self.data.join(format!("draft-{number}.rhai"));
        fs::write(&path, text)
            .map_err(|source| HostError::File { what: "the draft cannot be written".to_owned(), source })?;
        Ok(path)
    }
}

/// What is tried beside what is live; its file goes with it.
struct DraftContent {
    content: ShopContent,
    file: Option<PathBuf>,
}

impl Drop for DraftContent {
    fn drop(&mut self) {
        // what cannot be removed is written over by the next draft of that number
        drop(self.file.as_ref().map(fs::remove_file));
    }
}

/// What is wrong with a draft, with its place: whoever sent it knows no file of this machine.
fn describe_draft_error(error: HostError) -> HostError {
    let HostError::Refused(report) = error else { return error };
    let Some(finding) = report.errors().next() else { return HostError::Refused(report) };
    let (line, column) = line_and_column(&report.source, finding.span.start);
    let help = finding.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    HostError::Unusable(format!("the draft, line {line}, column {column}: {}{help}", finding.message))
}

/// Refuses a draft of a script that reads a secret of the shop, and settings of a strategy that is granted one.
fn refuse_secrets(live: &ShopContent, draft: &ShopContent) -> Result<(), HostError> {
    let what = "only a key with the role catalogue may try that over HTTP; `jardin try --draft` does beside the shop's folder";
    if let Some(script) = &draft.draft {
        let (strategy, _) = script_of(draft, &script.live)?;
        let is_secret = |path: &FieldPath| {
            let field = draft.policy.rules().declared(path.namespace, &path.name);
            field.is_none_or(|field| field.class == Class::Confidential)
        };
        if let Some(secret) = script_reads(draft, &strategy)?.iter().find(|path| is_secret(path)) {
            return Err(HostError::Unusable(format!(
                "the draft reads `{secret}`, a secret of the shop; {what}"
            )));
        }
    }
    let reading = live.policy.rules().strategies.keys().filter(|name| reads_secret(&live.policy, name));
    let settings = |content: &ShopContent, name: &StrategyName| {
        let campaigns =
            content.config.campaigns.iter().flat_map(|campaign| campaign.params.get(name).cloned());
        (content.config.params.get(name).cloned(), campaigns.collect::<Vec<_>>())
    };
    match reading.into_iter().find(|name| settings(live, name) != settings(draft, name)) {
        Some(name) => Err(HostError::Unusable(format!(
            "the draft changes settings of `{name}`, which reads a secret of the shop; {what}"
        ))),
        None => Ok(()),
    }
}

/// Which strategy is followed: the one that is named, else that of the draft, else the first script of the placement.
fn followed_strategy(content: &ShopContent, question: &PreviewQuestion) -> Result<StrategyName, HostError> {
    let named = question.strategy.as_deref().or(question.draft.as_ref().map(|draft| &*draft.script));
    if let Some(named) = named {
        return script_of(content, named).map(|(strategy, _)| strategy);
    }
    let placement = content.config.placements.get(question.placement.as_str()).ok_or_else(|| {
        let known: Vec<String> = content.config.placements.keys().map(|name| format!("`{name}`")).collect();
        HostError::Unusable(format!("there is no such placement; there are {}", known.join(", ")))
    })?;
    let is_script = |name: &&StrategyName| {
        let rule = content.policy.strategy(name.as_str());
        rule.is_some_and(|rule| matches!(rule.kind, StrategyKind::Script(_)))
    };
    let chain = placement.chain.iter().chain(&placement.finish);
    let followed = chain.clone().find(is_script).or_else(|| chain.clone().next());
    followed.cloned().ok_or_else(|| HostError::Unusable("no strategy stands at this placement".to_owned()))
}

/// Whether the policy grants a strategy a secret of the shop.
fn reads_secret(policy: &Policy, name: &StrategyName) -> bool {
    let rules = policy.rules();
    let is_secret = |field| rules.field(field).is_some_and(|field| field.class == Class::Confidential);
    let is_of_item = |field| rules.field(field).is_some_and(|field| field.path.namespace == Namespace::Item);
    policy.strategy(name.as_str()).is_none_or(|rule| {
        rule.may_read.iter().any(|grant| is_of_item(grant.field) && is_secret(grant.field))
    })
}
