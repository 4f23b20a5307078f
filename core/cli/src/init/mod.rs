//! `jardin init`: a shop folder to begin with. It reads nothing about anybody, and what only the shop can say it
//! leaves open and says so.

mod fields;
mod files;
mod proposals;
mod toml_text;
mod visit;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail, ensure};

use jardin_model::Currency;

use self::{
    fields::{ItemFields, SeenFields},
    visit::FollowedVisit,
};
use super::{
    feed_args::{FeedArgs, read_currency},
    import::{self, ImportArgs},
    print,
};

/// Write a shop folder to begin with: a policy that reads nobody, a place, a rule
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin init my-shop --yes --from feed.xml\n\
                        Example: jardin init my-shop --yes --from products_export.csv --currency EUR --level product\n\
                        Example: jardin init my-shop --yes --from items.jsonl --follow-visit \"To spare you searching.\" --balance LIA-1\n\
                        Exit code: 0 written, 1 written and some rows of the file are wrong, 2 nothing written")]
pub(crate) struct InitArgs {
    /// The folder; it may exist if it is empty
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// A catalogue as the shop has it, see `jardin import`: its fields are declared, and it is imported
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    feed: FeedArgs,
    /// How that file writes numbers: de, fr, en, es, it, nl, ch or jp
    #[arg(long, value_name = "LOCALE", requires = "from")]
    numbers: Option<String>,
    /// The currency of the shop's amounts; where it is not said, the one that every price of the file names
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Leave open who is responsible and where people write; `jardin check` names what is to be stated
    #[arg(long)]
    yes: bool,
    /// Who is responsible for the data: name and address
    #[arg(long, required_unless_present = "yes")]
    controller: Option<String>,
    /// Where people write about their data
    #[arg(long, required_unless_present = "yes")]
    contact: Option<String>,
    /// Write also a list that follows what was looked at in the visit, on the ground of legitimate interests (GDPR
    /// Art. 6(1)(f)): the interest, in a sentence that shoppers read
    #[arg(long, value_name = "INTEREST", requires = "balance")]
    follow_visit: Option<String>,
    /// Where the balance of that interest against those of the shoppers is written down
    #[arg(long, value_name = "REFERENCE", requires = "follow_visit")]
    balance: Option<String>,
    /// The language of the texts that shoppers read
    #[arg(long, default_value = "en")]
    locale: String,
}

pub(crate) fn run(args: &InitArgs) -> anyhow::Result<ExitCode> {
    ensure!(is_free(&args.folder)?, "`{}` is not empty; name another folder", args.folder.display());
    ensure!(is_language(&args.locale), "`{}` is not a language; write a code such as `en`", args.locale);
    let currency = args.currency.as_deref().map(read_currency).transpose()?;
    let seen = args.from.as_deref().map(|file| look_through(args, file, currency)).transpose()?;
    let (items, currency) = seen.unwrap_or_else(|| (ItemFields::default(), currency));
    let visit = args.follow_visit.clone().zip(args.balance.clone());
    let visit = visit.map(|(interest, balance)| FollowedVisit { interest, balance });
    ensure!(
        visit.is_none() || items.has("category", "text"),
        "a list that follows a visit needs a `category` in each item, as a text"
    );
    let about = files::About {
        name: name_of(&args.folder),
        controller: args.controller.clone().unwrap_or_default(),
        contact: args.contact.clone().unwrap_or_default(),
        language: args.locale.clone(),
        currency: currency.map_or("EUR", Currency::code),
        visit,
    };
    let written = files::write_files(&about, &items);
    for (name, text) in &written {
        write(&args.folder.join(name), text)?;
    }
    let folder = args.folder.display();
    let names: Vec<&str> = written.iter().map(|(name, _)| *name).collect();
    print::line(&format!("written to {folder}: {}", names.join(", ")));
    if args.yes {
        print::line("to be stated in policy.toml: who is responsible, and where people write");
    }
    let Some(file) = &args.from else {
        print::line(&format!(
            "next: jardin policy pin {folder}; jardin import {folder} ITEMS.jsonl; jardin serve {folder}"
        ));
        return Ok(ExitCode::SUCCESS);
    };
    let imported =
        import::run(&ImportArgs::of_file(&args.folder, file, &args.feed, args.numbers.as_deref()))?;
    print::line(&format!("next: jardin policy pin {folder}; jardin serve {folder}"));
    Ok(imported)
}

/// The fields of a catalogue and the currency of its prices.
fn look_through(
    args: &InitArgs,
    file: &Path,
    currency: Option<Currency>,
) -> anyhow::Result<(ItemFields, Option<Currency>)> {
    ensure!(
        file != Path::new("-"),
        "a file is needed: it is read once for its fields and once for its items"
    );
    let opened = args.feed.open(file)?;
    let options = args.feed.options(args.numbers.as_deref(), currency)?;
    let mut seen = SeenFields::default();
    let summary = opened.read_rows(&options, &mut |batch| {
        batch.items.iter().for_each(|item| seen.add_item(item));
        Ok(())
    })?;
    if let Some(bad) = summary.bad_rows.first().filter(|_| seen.is_empty()) {
        bail!("`{}` has no item that can be read; line {}: {}", file.display(), bad.line, bad.what);
    }
    ensure!(
        !seen.is_empty(),
        "`{}` has no items; write one a line: {{\"item_id\": \"A-1\", \"fields\": {{\"price\": \"9.90\"}}}}",
        file.display()
    );
    let currency = currency.or(summary.currency);
    Ok((seen.into_fields(&summary, &options.map), currency))
}

/// True of a folder that is not there, or has nothing in it.
fn is_free(folder: &Path) -> anyhow::Result<bool> {
    if !folder.exists() {
        return Ok(true);
    }
    let mut entries =
        fs::read_dir(folder).with_context(|| format!("`{}` cannot be read", folder.display()))?;
    Ok(entries.next().is_none())
}

fn is_language(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())
}

/// The shop is called as its folder, until somebody writes another name.
fn name_of(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    name.filter(|name| !name.contains(['"', '\\'])).unwrap_or_else(|| "My shop".to_owned())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).with_context(|| format!("`{}` cannot be made", parent.display()))?;
    fs::write(path, text).with_context(|| format!("`{}` cannot be written", path.display()))
}
