//! `jardin plugin inspect`: what a file says of itself, and what a shop's policy makes of that. No code of the file
//! runs.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use jardin_host::{escape_controls, read_regular_file};
use jardin_model::FieldPath;
use jardin_native::{Manifest, PluginFile};
use jardin_policy::{
    FileState, Policy, StrategyKind, StrategyRule,
    lock::{Lock, hex},
    rules::{FieldGrant, Isolation},
};

use crate::{
    print,
    shop_arg::{open_foreign_folder, unless_refused},
};

/// Show what a plugin's file says of itself without running it and, given a shop, what its policy grants and
/// withholds
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin plugin inspect target/release/libpopular.so --shop examples/shop\n\
                        Exit code: 0 it can be loaded, 1 it is refused, 2 a file cannot be read")]
pub(crate) struct InspectArgs {
    /// The shared object
    file: PathBuf,
    /// The shop whose policy is asked
    #[arg(long, value_name = "DIR")]
    shop: Option<PathBuf>,
}

/// Inspects a file.
///
/// # Errors
/// Where a file cannot be read. A plugin that is refused is not an error: it makes the exit code.
pub(crate) fn run(args: &InspectArgs) -> anyhow::Result<ExitCode> {
    let bytes = read_regular_file(&args.file)?;
    let plugin = match PluginFile::from_bytes(&plugin_name(&args.file), bytes) {
        Ok(plugin) => plugin,
        Err(refusal) => {
            print::error(&escape_controls(&format!("error: {refusal}")));
            return Ok(ExitCode::from(1));
        }
    };
    show_manifest(&plugin);
    let Some(folder) = &args.shop else {
        return Ok(ExitCode::SUCCESS);
    };
    let shop = open_foreign_folder(folder)?;
    let Some(policy) = unless_refused(shop.check_policy())? else {
        return Ok(ExitCode::from(1));
    };
    let fits = show_in_shop(&plugin, &policy, &shop.read_lock()?);
    Ok(ExitCode::from(u8::from(!fits)))
}

/// The name by which a policy calls the file: `popular` for `libpopular.so`.
pub(crate) fn plugin_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    stem.strip_prefix(std::env::consts::DLL_PREFIX).unwrap_or(&stem).to_owned()
}

/// A row; what a file says of itself may hold anything.
fn row(title: &str, value: &str) {
    print::line(&format!("{title:<12}{}", escape_controls(value)));
}

fn list<T: ToString>(values: &[T]) -> String {
    if values.is_empty() {
        return "nothing".to_owned();
    }
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn show_manifest(plugin: &PluginFile) {
    let manifest = &plugin.manifest;
    row("plugin", &manifest.name);
    row("version", manifest.version.as_deref().unwrap_or("not told"));
    row("digest", &format!("sha256 {}", hex(&plugin.digest)));
    row("libraries", &list(&plugin.needed));
    row("needs", &list(&manifest.needs));
    row("may use", &list(&manifest.may_use));
    row("reasons", &list(&manifest.reasons));
    if !manifest.notes.is_empty() {
        row("notes", &list(&manifest.notes));
    }
    row(
        "learns",
        match (manifest.learns, manifest.counts_people) {
            (false, _) => "no",
            (true, false) => "yes",
            (true, true) => "yes, and counts people",
        },
    );
    if let Some(settings) = &manifest.settings {
        let settings = settings.iter().map(|(name, rule)| format!("{name} ({rule})")).collect::<Vec<_>>();
        row("settings", &list(&settings));
    }
}

/// Shows what a policy makes of the plugin; false where a strategy of it would not be loaded.
fn show_in_shop(plugin: &PluginFile, policy: &Policy, lock: &Lock) -> bool {
    let is_this =
        |rule: &&StrategyRule| matches!(&rule.kind, StrategyKind::Plugin(name) if *name == plugin.name);
    let rules: Vec<&StrategyRule> =
        policy.rules().strategies.values().map(AsRef::as_ref).filter(is_this).collect();
    print::line("");
    if rules.is_empty() {
        print::line(&format!(
            "The policy has no strategy with `plugin = \"{}\"`: it grants nothing.",
            plugin.name
        ));
        return true;
    }
    let pinned = lock.state(&plugin.name, &plugin.digest);
    row(
        "policy.lock",
        match pinned {
            FileState::Reviewed => "this file is the one that was reviewed",
            FileState::NotPinned => "not pinned: it does not run until `jardin policy pin`",
            FileState::Differs => {
                "another file is pinned: this one does not run until it is reviewed and pinned"
            }
        },
    );
    rules.iter().fold(pinned == FileState::Reviewed, |fits, rule| {
        print::line("");
        strategy(&plugin.manifest, policy, rule) && fits
    })
}

fn strategy(manifest: &Manifest, policy: &Policy, rule: &StrategyRule) -> bool {
    let purpose = policy.rules().purpose(rule.purpose).map(|p| p.name.to_string()).unwrap_or_default();
    row("strategy", &format!("{} for {purpose}", rule.name));
    row(
        "isolation",
        match rule.isolation {
            Isolation::Sandbox => "sandbox",
            Isolation::Process => {
                "process alone: its grants are advisory, it can read whatever the host's user can"
            }
        },
    );
    let path = |grant: &FieldGrant| policy.rules().field(grant.field).map(|f| f.path.clone());
    let granted = |wanted: &FieldPath| rule.may_read.iter().find(|g| path(g).as_ref() == Some(wanted));
    let mut fits = true;
    for (fields, consequence) in
        [(&manifest.needs, "needed, so that it is not loaded"), (&manifest.may_use, "it works without")]
    {
        for field in fields {
            match granted(field) {
                Some(grant) => row("  granted", &format!("{field} as {}", grant.transform)),
                None => row("  withheld", &format!("{field}: {consequence}")),
            }
            fits &= granted(field).is_some() || !manifest.needs.contains(field);
        }
    }
    let declared = |field: &FieldPath| manifest.needs.contains(field) || manifest.may_use.contains(field);
    let unused: Vec<FieldPath> = rule.may_read.iter().filter_map(path).filter(|f| !declared(f)).collect();
    if !unused.is_empty() {
        row("  not sent", &format!("{}: granted, and not in its manifest", list(&unused)));
    }
    if !rule.may_learn_from.is_empty() && !manifest.learns {
        row("  learns", "not: remove `may_learn_from`, or it is not loaded");
        fits = false;
    } else if !rule.may_learn_from.is_empty() && rule.people.links_visits() && !manifest.counts_people {
        row(
            "  people",
            "not counted: write `at_least_people = 1` under `may_learn_from`, or it is not loaded",
        );
        fits = false;
    }
    fits
}
