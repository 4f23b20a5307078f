//! What the files of a shop's strategies read: proved of scripts, declared by plugins.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_contract::Params;
use jardin_engine::Config;
use jardin_native::PluginFile;
use jardin_policy::{
    Finding, Policy, Report, StrategyKind, StrategyName, StrategyRule,
    lock::digest,
    tools::{self, FileReads},
};
use jardin_script_check::{Reads, ScriptText};

use super::shop::{ShopFolder, Source, source};

/// What jardin.toml says around a script: the reasons that it may give, and its settings.
#[derive(Default)]
pub(crate) struct Around {
    reasons: BTreeSet<Arc<str>>,
    params: BTreeMap<StrategyName, Params>,
}

impl Around {
    /// Of a shop folder; nothing where jardin.toml is missing or has errors, which `jardin check` shows.
    pub(crate) fn of(shop: &ShopFolder, policy: &Policy) -> Self {
        let read = source(&shop.folder.join("jardin.toml")).ok();
        let config = read.and_then(|s| Config::load(&s.file, &s.text, policy).ok());
        config.map_or_else(Self::default, |(config, _)| Self {
            reasons: config.reasons.keys().cloned().collect(),
            params: config.params,
        })
    }

    /// What a script reads as the file of a strategy.
    pub(crate) fn reads(
        &self,
        policy: &Policy,
        rule: &StrategyRule,
        script: &Source,
    ) -> Result<(Reads, Report), Report> {
        let params = self.params.get(&rule.name).cloned().unwrap_or_default();
        let text = ScriptText {
            name: rule.name.as_str(),
            file: &script.file,
            source: &script.text,
            reasons: &self.reasons,
            params: &params,
        };
        text.reads(policy)
    }
}

/// What is known of the file of each strategy: its digest, and what it reads where that is proved or
/// declared. One without a file is left out.
pub(crate) fn files(shop: &ShopFolder, policy: &Policy) -> anyhow::Result<BTreeMap<StrategyName, FileReads>> {
    let (scripts, around) = (shop.scripts()?, Around::of(shop, policy));
    let program = std::env::current_exe().unwrap_or_default();
    let of_one = |rule: &Arc<StrategyRule>| match &rule.kind {
        StrategyKind::Script(file) => {
            let script = source(&scripts.join(&**file)).ok()?;
            let proved = around.reads(policy, rule, &script).ok().filter(|(_, report)| !report.has_errors());
            Some(FileReads {
                digest: digest(script.text.as_bytes()),
                reads: proved.map(|(reads, _)| reads.always.union(&reads.maybe).cloned().collect()),
            })
        }
        StrategyKind::Plugin(name) => PluginFile::find(name, &shop.folder, &program)
            .ok()
            .map(|file| FileReads { digest: file.digest, reads: Some(file.manifest.reads()) }),
    };
    let all = policy.rules().strategies.values();
    Ok(all.filter_map(|rule| Some((rule.name.clone(), of_one(rule)?))).collect())
}

/// What is granted to strategies whose files never read it.
pub(crate) fn over_granted(shop: &ShopFolder, policy: &Policy) -> anyhow::Result<Vec<Finding>> {
    let files = files(shop, policy)?;
    let rules = policy.rules().strategies.values();
    let found = rules
        .filter_map(|rule| Some(tools::over_grants(policy, rule, files.get(&rule.name)?.reads.as_ref()?)));
    Ok(found.flatten().collect())
}
