//! `jardin policy diff`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::anyhow;
use jardin_compliance::compare_policies;
use jardin_contract::{Clock as _, SystemClock};
use jardin_host::{ListChange, ShopContent, SourceText, compare_lists, read_lock};
use jardin_policy::{Policy, lock::Lock};

use crate::{
    print,
    serve::runtime,
    shop_arg::{open_folder, read_shop, unless_refused},
};

/// How many items of a list are told.
const MAX_SHOWN: usize = 4;

/// Say who is treated otherwise under a new policy, and which guards moved
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy diff old.toml policy.toml\n\
                        REACH↑ and REACH↓: who is read. EFFECT: which lists change; of two shop folders with an \
                        items.jsonl, scripts and settings are run over made-up visitors. TEXT: what \
                        people are told. PARTIES: who receives. PROOF: how it is shown.\n\
                        Exit code: 10 for REACH↑, 11 EFFECT, 12 PROOF, 13 TEXT or PARTIES, the first that applies; 0 none of these; \
                        2 they could not be compared")]
pub(super) struct DiffArgs {
    /// The old policy: a file, or a shop folder
    old: PathBuf,
    /// The new policy: a file, or a shop folder
    new: PathBuf,
    /// How to show the changes
    #[arg(long, value_enum, default_value_t = Look::Human)]
    format: Look,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Look {
    /// One line a change
    Human,
    /// For programs
    Json,
}

pub(super) fn run(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let (old, new) = (side(&args.old)?, side(&args.new)?);
    let mut diff = compare_policies((&old.0, &old.1), (&new.0, &new.1));
    if let (Some(old), Some(new)) = (shop_at(&args.old)?, shop_at(&args.new)?) {
        let lists = runtime()?.block_on(compare_lists(&old, &new, SystemClock.now()))?;
        diff.add_effects(lists.iter().map(describe_list));
    }
    let text = match args.format {
        Look::Human => diff.text(),
        Look::Json => diff.json(),
    };
    print::line(text.trim_end());
    Ok(ExitCode::from(diff.exit_code()))
}

fn side(path: &Path) -> anyhow::Result<(Policy, Lock)> {
    let (text, folder) = if path.is_dir() {
        (open_folder(path)?.policy_text()?, path.to_owned())
    } else {
        (SourceText::read(path)?, path.parent().map(Path::to_owned).unwrap_or_default())
    };
    let policy = unless_refused(text.check_policy())?.ok_or_else(|| anyhow!("`{}` has errors", text.file))?;
    Ok((policy, read_lock(&folder)?))
}

/// A whole shop, whose lists can be compared; `None` for a policy without a shop or without items.
fn shop_at(path: &Path) -> anyhow::Result<Option<ShopContent>> {
    if !path.join("jardin.toml").is_file() {
        return Ok(None);
    }
    let shop = read_shop(path)?;
    Ok(shop.folder.items_path().is_file().then_some(shop))
}

/// A list that some of the made-up people are shown otherwise.
fn describe_list(change: &ListChange) -> (String, String) {
    let items = |items: &[String]| match items {
        [] => "nothing".to_owned(),
        all if all.len() <= MAX_SHOWN => all.join(", "),
        all => format!("{}, …", all.get(..MAX_SHOWN).unwrap_or_default().join(", ")),
    };
    let message = format!(
        "{} would be shown {} instead of {} ({} of {} made-up visitors see another list)",
        change.who,
        items(&change.new),
        items(&change.old),
        change.differ,
        change.asked
    );
    (format!("list {}", change.placement), message)
}
