//! `jardin try`: what a script does to a list, before it is live.

mod show;

use std::{collections::BTreeSet, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use jardin_contract::{Clock as _, SystemClock};
use jardin_host::{
    Draft, HostError, ShopContent,
    trial::{
        ItemsFrom, MadeUpPerson, TrialEngine, TrialQuestion, TrialStore, TriedVersion, parse_field,
        placement_of, script_of, script_reads,
    },
};
use jardin_model::{FieldPath, Namespace, SubjectId, Timestamp};
use jardin_policy::StrategyName;

use super::{print, serve::runtime, shop_arg::read_shop};

/// See what a script does to a list: each item before and after, and why it moved
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin try clearance.rhai --shop examples/shop --placement deals\n\
                        Example: jardin try complete_the_look.rhai --context page_item=TEN-103 --draft my_version.rhai\n\
                        Nothing is stored: the shop's data is read, and the person of --subject is made up.\n\
                        Exit code: 0 the script ran, 1 it did not (the policy refused it, or it failed), 2 it could not be tried")]
pub(crate) struct TryArgs {
    /// The script's file or its strategy's name
    script: String,
    /// The shop folder
    #[arg(long, default_value = ".")]
    shop: PathBuf,
    /// The placement to try it at; the first one where it stands if not said
    #[arg(long)]
    placement: Option<String>,
    /// A made-up person: {"fields": {…}, "consent": […], "objected": false, "events": […]}
    #[arg(long)]
    subject: Option<PathBuf>,
    /// A context field, such as page_item=TEN-103; may be given more than once
    #[arg(long, value_name = "NAME=VALUE")]
    context: Vec<String>,
    /// A session field, such as basket=TEN-103,MAT-101, or what was looked at, viewed=TEN-103; may be given more than once
    #[arg(long, value_name = "NAME=VALUE")]
    session: Vec<String>,
    /// The time to try it at, such as 2026-12-01T09:00:00Z; now if not said
    #[arg(long)]
    at: Option<String>,
    /// Another version of the script, shown beside the live one
    #[arg(long)]
    draft: Option<PathBuf>,
    /// The data folder, if it is not the one of server.toml
    #[arg(long)]
    data: Option<PathBuf>,
    /// Show every candidate, not only the page and the first that were dropped
    #[arg(long)]
    all: bool,
    /// How to show the result
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A table
    Human,
    /// For programs
    Json,
}

/// What is tried.
pub(crate) struct Trial {
    pub(crate) strategy: StrategyName,
    pub(crate) file: Arc<str>,
    pub(crate) placement: String,
    pub(crate) at: Timestamp,
    pub(crate) from: ItemsFrom,
    /// Every field that the script, or its draft, may read.
    pub(crate) reads: BTreeSet<FieldPath>,
}

pub(crate) fn run(args: &TryArgs) -> anyhow::Result<ExitCode> {
    let mut folder = read_shop(&args.shop)?;
    let (strategy, file) = script_of(&folder, &args.script)?;
    let question = question(&folder, &strategy, args)?;
    let at = match &args.at {
        Some(text) => Timestamp::parse(text)
            .with_context(|| format!("`--at {text}` is not a time; write 2026-12-01T09:00:00Z"))?,
        None => SystemClock.now(),
    };
    let person = args.subject.as_deref().map(MadeUpPerson::of_file).transpose()?;
    runtime()?.block_on(async {
        let store = TrialStore::of_shop(&folder, &folder.data_path(args.data.as_deref())).await?;
        let from = store.from;
        let (engine, notices) = TrialEngine::start(&folder, store, at).await?;
        print::notices(&notices);
        if let (Some(person), Some(id)) = (&person, &question.subject) {
            engine.put_person(id, person).await?;
        }
        engine.check_items(&question)?;
        engine.settle().await;
        let live = TriedVersion::of_question(&engine, &question, &strategy).await?;
        let draft = match &args.draft {
            Some(draft) => {
                folder.draft = Some(Draft { live: Arc::clone(&file), path: draft.clone() });
                print::notices(&engine.reload(&folder).await?);
                Some(TriedVersion::of_question(&engine, &question, &strategy).await?)
            }
            None => None,
        };
        let trial = Trial {
            reads: script_reads(&folder, &strategy)?,
            placement: question.placement.clone(),
            strategy,
            file,
            at,
            from,
        };
        print::line(&match args.format {
            Format::Human => show::human(&trial, &live, draft.as_ref(), args.all),
            Format::Json => show::json(&trial, &live, draft.as_ref()),
        });
        let last = draft.as_ref().unwrap_or(&live);
        Ok(ExitCode::from(u8::from(last.work.runs == 0 || last.work.failure.is_some())))
    })
}

fn question(folder: &ShopContent, strategy: &StrategyName, args: &TryArgs) -> anyhow::Result<TrialQuestion> {
    let placement = match &args.placement {
        Some(placement) => placement.clone(),
        None => placement_of(folder, strategy)?,
    };
    let fields = |namespace, given: &[String]| {
        given
            .iter()
            .map(|text| parse_field(&folder.policy, namespace, text))
            .collect::<Result<_, HostError>>()
    };
    Ok(TrialQuestion {
        placement,
        subject: args.subject.as_ref().map(|_| SubjectId::new("somebody")).transpose()?,
        context: fields(Namespace::Context, &args.context)?,
        session: fields(Namespace::Session, &args.session)?,
    })
}
