//! `jardin audit`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Subcommand;
use jardin_audit::{
    Checkpoint, Decision, Verified, newest_checkpoint, public_key_of, read_acts, read_decisions,
    verify_folder,
};
use jardin_contract::{Act, ActQuery, RecordedAct};
use jardin_host::{StoreOfShop, audit_path, decisions_path};

use super::{backup::open_store_of, print};

/// Look at the record of who did what to the shop and to people's data, and prove that nobody rewrote it
#[derive(Debug, clap::Args)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say up to where the record is proved, and what is not as it was written
    Verify(VerifyArgs),
    /// Show the newest entries, oldest first
    Show(ShowArgs),
    /// Print the public key and the newest checkpoint, to be kept elsewhere
    Head(PlaceArgs),
}

#[derive(Debug, clap::Args)]
struct PlaceArgs {
    /// The shop folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
    /// The record of decisions about people in place of that of acts
    #[arg(long)]
    decisions: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: jardin audit verify my-shop --checkpoints /mnt/second/jardin-audit-checkpoints --key 8f3c…\n\
                        Without `--head` and `--checkpoints` the record is held against itself alone, which whoever holds the data folder can rewrite.\n\
                        Exit code: 0 nothing was found, 1 something is not as it was written, 2 it could not be looked at"
)]
struct VerifyArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// A file that holds checkpoints from outside the data folder, among other lines or alone: the log of the service will do
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,
    /// A checkpoint from outside the data folder, as `jardin audit head` or `GET /v1/audit/head` gave it
    #[arg(long, value_name = "LINE")]
    head: Option<String>,
    /// The public key, as it was kept elsewhere
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
}

#[derive(Debug, clap::Args)]
struct ShowArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// How many
    #[arg(long, default_value_t = 20)]
    last: usize,
    /// Of this act alone, such as `export_subject`
    #[arg(long, value_name = "ACT", conflicts_with = "decisions")]
    act: Option<String>,
    /// Of this answer alone, with `--decisions`, by its recommendation id
    #[arg(long, value_name = "ID", requires = "decisions")]
    answer: Option<String>,
}

impl PlaceArgs {
    fn audit(&self) -> anyhow::Result<PathBuf> {
        let store: StoreOfShop = open_store_of(&self.folder, self.data.as_deref())?;
        let acts = audit_path(store.data_path());
        let folder = if self.decisions { decisions_path(&acts) } else { acts };
        let why = if self.decisions {
            "nobody was looked at for a list while the policy had `[audit]`"
        } else {
            "the shop has not been served"
        };
        anyhow::ensure!(folder.exists(), "nothing is recorded in `{}`: {why}", folder.display());
        Ok(folder)
    }
}

pub(crate) fn run(args: &AuditArgs) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Verify(args) => verify_record(args),
        What::Show(args) => show_entries(args),
        What::Head(place) => print_head(&place.audit()?),
    }
}

fn verify_record(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let folder = args.place.audit()?;
    let mut outside = args.checkpoints.as_deref().map(read_checkpoints).transpose()?.unwrap_or_default();
    if let Some(line) = &args.head {
        let found = Checkpoint::find_in(line);
        anyhow::ensure!(
            !found.is_empty(),
            "`--head` is not a checkpoint; write a line that `jardin audit head` printed"
        );
        outside.extend(found);
    }
    let found = verify_folder(&folder, args.key.as_deref(), &outside)?;
    if let Some(fault) = &found.fault {
        print::line(&format!("not as it was written: {fault}"));
        print::line(&format!("the last entry before it that agrees: {}", found.entries));
        return Ok(ExitCode::from(1));
    }
    say_verified(&found);
    Ok(ExitCode::SUCCESS)
}

fn say_verified(found: &Verified) {
    print::line(&format!("{} entries agree with one another and with the checkpoints", found.entries));
    if found.removed > 0 {
        print::line(&format!("{} of them went with days that were kept no longer", found.removed));
    }
    match found.proved {
        0 => print::line(
            "none is proved: name a checkpoint from outside the data folder by `--head` or `--checkpoints`",
        ),
        proved => print::line(&format!("proved up to entry {proved} by a checkpoint from outside")),
    }
    if found.proved < found.entries {
        print::line(&format!(
            "not covered: whether entries behind entry {} were cut off or written anew",
            found.proved
        ));
    }
    if found.unfinished > 0 {
        print::line(&format!(
            "{} lines at the end are being written, or were cut short by an end",
            found.unfinished
        ));
    }
}

fn read_checkpoints(path: &Path) -> anyhow::Result<Vec<Checkpoint>> {
    let text = fs::read_to_string(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    let found = Checkpoint::find_in(&text);
    anyhow::ensure!(!found.is_empty(), "`{}` holds no checkpoint", path.display());
    Ok(found)
}

fn show_entries(args: &ShowArgs) -> anyhow::Result<ExitCode> {
    let folder = args.place.audit()?;
    if args.place.decisions {
        return show_decisions(args, &folder);
    }
    let query = ActQuery { what: args.act.as_deref().map(Into::into), ..ActQuery::newest(args.last) };
    for RecordedAct { number, act } in read_acts(&folder, &query)?.iter().rev() {
        let Act { at, what, by, person, status } = act;
        let person = person.map_or_else(String::new, |person| format!(" of person {person}"));
        print::line(&format!("{number} {at} {what}{person} by {by}: {status}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn show_decisions(args: &ShowArgs, folder: &Path) -> anyhow::Result<ExitCode> {
    for decision in read_decisions(folder, args.last, args.answer.as_deref())?.iter().rev() {
        let Decision { n, at, answer, placement, policy, strategies, person } = decision;
        let person = person.as_ref().map_or_else(String::new, |person| format!(" for person {person}"));
        print::line(&format!("{n} {at} {answer} at {placement}{person} under {policy}: {strategies}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn print_head(folder: &Path) -> anyhow::Result<ExitCode> {
    print::line(&format!("public key {}", public_key_of(folder)?));
    match newest_checkpoint(folder)? {
        Some(newest) => print::line(&newest.to_string()),
        None => print::line("there is no checkpoint yet"),
    }
    Ok(ExitCode::SUCCESS)
}
