//! A plugin's file in a sandboxed worker, under a shop's policy and among its items.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use jardin_contract::{Clock as _, SystemClock};
use jardin_host::{
    Draft, HostError, ShopContent,
    trial::{StrategyRun, TrialEngine, TrialQuestion, TrialStore, parse_field, placement_of},
};
use jardin_model::Namespace;
use jardin_policy::{StrategyKind, StrategyName};

use super::inspect::plugin_name;
use crate::{print, shop_arg::read_shop};

/// Which file is asked what.
#[derive(Debug, clap::Args)]
pub(crate) struct QuestionArgs {
    /// The shared object
    file: PathBuf,
    /// The shop folder, whose policy has a strategy with the plugin's name
    #[arg(long, value_name = "DIR")]
    shop: PathBuf,
    /// The placement to ask at; the first one where the strategy stands if not said
    #[arg(long)]
    placement: Option<String>,
    /// A context field, such as page_item=TEN-103; may be given more than once
    #[arg(long, value_name = "NAME=VALUE")]
    context: Vec<String>,
    /// A session field, such as basket=TEN-103,MAT-101; may be given more than once
    #[arg(long, value_name = "NAME=VALUE")]
    session: Vec<String>,
    /// The data folder, if it is not the one of server.toml
    #[arg(long)]
    data: Option<PathBuf>,
}

/// A plugin that can be asked.
pub(crate) struct PluginTrial {
    pub(crate) engine: TrialEngine,
    pub(crate) strategy: StrategyName,
    question: TrialQuestion,
}

impl PluginTrial {
    /// Starts the file's worker. It need not be pinned, and nothing is stored.
    ///
    /// # Errors
    /// Where the shop or the file cannot be read, or the policy has no such strategy.
    pub(crate) async fn start(args: &QuestionArgs) -> anyhow::Result<Self> {
        let mut shop = read_shop(&args.shop)?;
        let name = plugin_name(&args.file);
        let strategy = strategy_of(&shop, &name)?;
        let question = question_of(&shop, &strategy, args)?;
        let path =
            args.file.canonicalize().with_context(|| format!("`{}` cannot be read", args.file.display()))?;
        shop.draft = Some(Draft { live: name.as_str().into(), path });
        let store = TrialStore::of_shop(&shop, &shop.data_path(args.data.as_deref())).await?;
        let (engine, notices) = TrialEngine::start(&shop, store, SystemClock.now()).await?;
        print::notices(&notices);
        engine.settle().await;
        Ok(Self { engine, strategy, question })
    }

    /// The placement at which it is asked.
    pub(crate) fn placement(&self) -> &str {
        &self.question.placement
    }

    /// Asks once; `None` where the plugin's strategy did not run.
    ///
    /// # Errors
    /// What the engine refuses.
    pub(crate) async fn ask(&self) -> anyhow::Result<Option<StrategyRun>> {
        let runs = self.engine.ask(&self.question).await?.runs;
        Ok(runs.into_iter().find(|run| run.strategy == self.strategy))
    }

    /// Tells why it did not answer, as far as that is known.
    pub(crate) fn tell_failure(&self, run: Option<&StrategyRun>) {
        if let Some(Err(failure)) = run.map(|run| &run.gave) {
            print::error(&format!("error: {failure}"));
        }
        if let Some(note) = self.engine.health_note(&self.strategy) {
            print::error(&note);
        }
    }
}

/// The strategy that runs the plugin.
fn strategy_of(shop: &ShopContent, plugin: &str) -> anyhow::Result<StrategyName> {
    let mut rules = shop.policy.rules().strategies.values();
    let is_this = |kind: &StrategyKind| matches!(kind, StrategyKind::Plugin(name) if **name == *plugin);
    match rules.find(|rule| is_this(&rule.kind)) {
        Some(rule) => Ok(rule.name.clone()),
        None => bail!(
            "the policy has no strategy with `plugin = \"{plugin}\"`; add one, which says what it may read"
        ),
    }
}

fn question_of(
    shop: &ShopContent,
    strategy: &StrategyName,
    args: &QuestionArgs,
) -> anyhow::Result<TrialQuestion> {
    let placement = match &args.placement {
        Some(placement) => placement.clone(),
        None => placement_of(shop, strategy)?,
    };
    let fields = |namespace, given: &[String]| {
        given.iter().map(|text| parse_field(&shop.policy, namespace, text)).collect::<Result<_, HostError>>()
    };
    Ok(TrialQuestion {
        placement,
        subject: None,
        context: fields(Namespace::Context, &args.context)?,
        session: fields(Namespace::Session, &args.session)?,
    })
}
