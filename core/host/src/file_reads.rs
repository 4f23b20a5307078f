//! What the files of a shop's strategies read: proved of scripts, declared by plugins. And which of them
//! nobody reviewed.

use std::{collections::BTreeMap, sync::Arc};

use jardin_compliance::{FileReads, find_over_grants};
use jardin_diagnostics::Finding;
use jardin_engine::Config;
use jardin_model::{FieldPath, Namespace};
use jardin_policy::{
    Policy, StrategyKind, StrategyName, StrategyRule,
    lock::{Lock, digest},
};

use crate::{
    ScriptSettings, ShopFolder, StrategyFile,
    codes::{NO_POPULARITY, NOT_PINNED},
    strategy_files,
};

impl ScriptSettings {
    /// Those of a shop folder; none where jardin.toml is missing or has errors, which `jardin check` shows.
    #[must_use]
    pub fn of_folder(folder: &ShopFolder, policy: &Policy) -> Self {
        let source = folder.config_text().ok();
        let config = source.and_then(|source| Config::load(&source.file, &source.text, policy).ok());
        config.map_or_else(Self::default, |(config, _)| Self::of_config(&config))
    }
}

/// What is known of the file of each strategy: its digest, and what it reads where that is proved or
/// declared. One without a file is left out.
#[must_use]
pub fn file_reads(folder: &ShopFolder, policy: &Policy) -> BTreeMap<StrategyName, FileReads> {
    let settings = ScriptSettings::of_folder(folder, policy);
    let files = strategy_files(folder, policy, None);
    let known = files
        .iter()
        .filter_map(|file| Some((file.rule.name.clone(), reads_of_file(file, policy, &settings)?)));
    known.collect()
}

fn reads_of_file(file: &StrategyFile, policy: &Policy, settings: &ScriptSettings) -> Option<FileReads> {
    if !file.is_script() {
        let plugin = file.plugin_file().ok()?;
        return Some(FileReads { digest: plugin.digest, reads: Some(plugin.manifest.declared_fields()) });
    }
    let source = file.script_text().ok()?;
    let proved = settings.script(&file.rule, &source).reads(policy).ok();
    let proved = proved.filter(|(_, report)| !report.has_errors());
    Some(FileReads {
        digest: digest(source.text.as_bytes()),
        reads: proved.map(|(reads, _)| reads.always.union(&reads.maybe).cloned().collect()),
    })
}

const TELL_POPULARITY: &str = "declare `popularity` under [fields.item] with `derived_from`, and grant it, \
                               or call the list what it is";

/// Plugins that rank by popularity and are not told it, in a shop that keeps what people do. Where nothing is kept,
/// there is nothing to count.
#[must_use]
pub(crate) fn untold_popularity(folder: &ShopFolder, policy: &Policy) -> Vec<Finding> {
    let rules = policy.rules();
    let popularity = FieldPath::new(Namespace::Item, "popularity");
    // only what is kept of people is counted
    let mut histories = rules.fields.iter().filter(|field| !field.of.is_empty());
    if !histories.any(|field| field.path.namespace == Namespace::Subject) {
        return Vec::new();
    }
    let granted = policy.field_id(&popularity);
    let reads = file_reads(folder, policy);
    let is_untold = |rule: &StrategyRule| {
        let may_use = reads.get(&rule.name).and_then(|file| file.reads.as_ref());
        matches!(rule.kind, StrategyKind::Plugin(_))
            && may_use.is_some_and(|fields| fields.contains(&popularity))
            && !rule.may_read.iter().any(|grant| Some(grant.field) == granted)
    };
    let untold = rules.strategies.values().filter(|rule| is_untold(rule));
    let finding = |rule: &Arc<StrategyRule>| Finding {
        code: NO_POPULARITY,
        span: rule.span,
        message: format!("`{}` is not told `item.popularity`: it lists the catalogue backwards", rule.name),
        help: Some(TELL_POPULARITY.to_owned()),
    };
    untold.map(finding).collect()
}

/// What is granted to strategies whose files never read it.
#[must_use]
pub fn over_granted(folder: &ShopFolder, policy: &Policy) -> Vec<Finding> {
    let reads = file_reads(folder, policy);
    let rules = policy.rules().strategies.values();
    let found =
        rules.filter_map(|rule| Some(find_over_grants(policy, rule, reads.get(&rule.name)?.reads.as_ref()?)));
    found.flatten().collect()
}

/// The strategies whose file nobody reviewed, or that was changed since.
#[must_use]
pub fn not_pinned(folder: &ShopFolder, policy: &Policy, lock: &Lock) -> Vec<Finding> {
    let files = strategy_files(folder, policy, None);
    files.iter().filter(|file| file.rule.pinned).filter_map(|file| not_pinned_file(file, lock)).collect()
}

fn not_pinned_file(file: &StrategyFile, lock: &Lock) -> Option<Finding> {
    let (name, strategy) = (&file.name, &file.rule.name);
    let pinned = lock.files().find(|(pinned, _)| **pinned == **name).map(|(_, digest)| *digest);
    let message = match (pinned, file.digest()) {
        (None, _) => format!("`{name}` stands in no policy.lock, so `{strategy}` does not run"),
        (Some(_), None) => format!("the file of `{name}` is not found, so `{strategy}` does not run"),
        (Some(pinned), Some(found)) if pinned != found => {
            format!("`{name}` is another file than the one that was reviewed, so `{strategy}` does not run")
        }
        _ => return None,
    };
    Some(Finding {
        code: NOT_PINNED,
        span: file.rule.span,
        message,
        help: Some("review the file, then run `jardin policy pin`".to_owned()),
    })
}
