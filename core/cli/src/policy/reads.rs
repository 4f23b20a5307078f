//! `jardin policy reads`.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{anyhow, bail};
use jardin_compliance::find_over_grants;
use jardin_diagnostics::{Code, Report, did_you_mean, findings_as_json, findings_as_sarif};
use jardin_host::{ScriptSettings, ShopFolder, SourceText, every_code};
use jardin_model::FieldPath;
use jardin_policy::{Policy, StrategyKind, StrategyRule};
use jardin_script_check::codes::{DYNAMIC_FIELD, NOT_CONSTANT, NOT_IN_SCRIPTS, SCRIPT_LIMIT, WHOLE_OBJECT};
use serde_json::{Value, json};

use super::check::Format;
use crate::{print, shop_arg::ShopArg};

/// Say which fields a script reads, may read and never reads, of those that it is granted
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy reads for_you.rhai examples/shop\n\
                        Exit code: 0 every read is of a granted field, 1 one is not, or with --strict one cannot be proved, \
                        2 the file cannot be read or belongs to no strategy")]
pub(super) struct ReadsArgs {
    /// The script: a file, or its name in the shop's folder of scripts
    file: PathBuf,
    #[command(flatten)]
    shop: ShopArg,
    /// Read it as the file of this strategy, also where the policy names another
    #[arg(long)]
    strategy: Option<String>,
    /// Refuse a script whose reads cannot be proved
    #[arg(long)]
    strict: bool,
    /// How to show it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// What was found out about a script under the grants of one strategy.
struct Proof {
    rule: Arc<StrategyRule>,
    place: String,
    reads: BTreeSet<FieldPath>,
    may_read: BTreeSet<FieldPath>,
    never_reads: BTreeSet<FieldPath>,
    over_granted: Vec<String>,
    report: Report,
}

pub(super) fn run(args: &ReadsArgs) -> anyhow::Result<ExitCode> {
    let Some((folder, policy)) = args.shop.open_with_policy()? else {
        return Ok(ExitCode::from(1));
    };
    let script = script(args, &folder)?;
    let settings = ScriptSettings::of_folder(&folder, &policy);
    let proofs: Vec<Proof> =
        rules(args, &policy)?.into_iter().map(|rule| Proof::of(&settings, &policy, rule, &script)).collect();
    match args.format {
        Format::Human => proofs.iter().for_each(Proof::show),
        Format::Json => {
            let all: Vec<Value> = proofs.iter().map(Proof::json).collect();
            print::line(&format!("{:#}", json!({ "file": script.file, "strategies": all })));
        }
        Format::Sarif => {
            let report = together(&script, proofs.iter().map(|p| &p.report));
            print::line(&findings_as_sarif(&report, &every_code()));
        }
    }
    let refused = proofs.iter().any(|p| p.is_refused() || args.strict && p.is_unproved());
    Ok(ExitCode::from(u8::from(refused)))
}

/// The script as it is named, or by its name in the folder of scripts.
fn script(args: &ReadsArgs, folder: &ShopFolder) -> anyhow::Result<SourceText> {
    let in_folder = folder.scripts_path().join(&args.file);
    Ok(SourceText::read(if args.file.is_file() { &args.file } else { &in_folder })?)
}

/// The strategies whose file it is, or the one that is named.
fn rules(args: &ReadsArgs, policy: &Policy) -> anyhow::Result<Vec<Arc<StrategyRule>>> {
    let all = &policy.rules().strategies;
    if let Some(name) = &args.strategy {
        let rule = policy.strategy(name).cloned();
        let help =
            || did_you_mean(name, all.keys().map(|n| n.as_str())).map(|m| format!("; did you mean `{m}`?"));
        return rule
            .map(|rule| vec![rule])
            .ok_or_else(|| anyhow!("the policy has no strategy `{name}`{}", help().unwrap_or_default()));
    }
    let is_it = |rule: &&Arc<StrategyRule>| match &rule.kind {
        StrategyKind::Script(file) => Path::new(&**file).file_name() == args.file.file_name(),
        StrategyKind::Plugin(_) => false,
    };
    let found: Vec<Arc<StrategyRule>> = all.values().filter(is_it).cloned().collect();
    if found.is_empty() {
        bail!(
            "no strategy of the policy runs `{}`; say as which one to read it: `--strategy NAME`",
            args.file.display()
        );
    }
    Ok(found)
}

impl Proof {
    fn of(settings: &ScriptSettings, policy: &Policy, rule: Arc<StrategyRule>, script: &SourceText) -> Self {
        let (reads, report) = match settings.script(&rule, script).reads(policy) {
            Ok((reads, report)) => (reads, report),
            Err(report) => (jardin_script_check::Reads::default(), report),
        };
        let read: BTreeSet<FieldPath> = reads.always.union(&reads.maybe).cloned().collect();
        let granted =
            rule.may_read.iter().filter_map(|g| policy.rules().field(g.field)).map(|f| f.path.clone());
        let mut proof = Self {
            place: policy.place_of_grants(&rule),
            never_reads: granted.filter(|path| !read.contains(path)).collect(),
            reads: reads.always,
            may_read: reads.maybe,
            over_granted: Vec::new(),
            report,
            rule,
        };
        // reads that were not found could be of anything
        if !proof.report.has_errors() {
            proof.over_granted =
                find_over_grants(policy, &proof.rule, &read).into_iter().map(|f| f.message).collect();
        }
        proof
    }

    /// True where it reads what is not granted, or cannot run at all.
    fn is_refused(&self) -> bool {
        self.report.errors().any(|f| !cannot_be_proved(f.code))
    }

    /// True where what it reads cannot be told before it runs.
    fn is_unproved(&self) -> bool {
        self.report.errors().any(|f| cannot_be_proved(f.code))
    }

    fn show(&self) {
        print::line(&format!("{} as `{}` ({})", self.report.file, self.rule.name, self.place));
        for (what, fields) in
            [("reads", &self.reads), ("may read", &self.may_read), ("never reads", &self.never_reads)]
        {
            let shown = if fields.is_empty() { "nothing".to_owned() } else { listed(fields).join(", ") };
            print::line(&format!("  {what:<13}{shown}"));
        }
        for what in &self.over_granted {
            print::line(&format!("  over-grant   {what}"));
        }
        if self.is_unproved() {
            print::line("  cannot prove what it reads beyond this:");
        }
        if !self.report.findings.is_empty() {
            print::line("");
            print::line(&self.report.rendered());
        }
    }

    /// `{strategy, policy, reads, may_read, never_reads, over_grants, proved, findings}`.
    fn json(&self) -> Value {
        let found: Value = serde_json::from_str(&findings_as_json(&self.report)).unwrap_or_default();
        json!({
            "strategy": self.rule.name.as_str(),
            "policy": self.place,
            "reads": listed(&self.reads),
            "may_read": listed(&self.may_read),
            "never_reads": listed(&self.never_reads),
            "over_grants": self.over_granted,
            "proved": !self.is_unproved(),
            "findings": found.get("findings"),
        })
    }
}

/// True for what hides a read from the proof, and is not one itself.
fn cannot_be_proved(code: Code) -> bool {
    matches!(code, DYNAMIC_FIELD | WHOLE_OBJECT | NOT_IN_SCRIPTS | SCRIPT_LIMIT | NOT_CONSTANT)
}

fn listed(fields: &BTreeSet<FieldPath>) -> Vec<String> {
    fields.iter().map(ToString::to_string).collect()
}

/// The findings under every strategy, each once.
fn together<'a>(script: &SourceText, reports: impl Iterator<Item = &'a Report>) -> Report {
    let mut whole = Report::new(&script.file, &script.text);
    whole.findings = reports.flat_map(|r| r.findings.iter().cloned()).collect();
    whole.findings.sort_by_key(|f| (f.span, f.code));
    whole.findings.dedup();
    whole
}
