//! `jardin init`: a shop folder to begin with. It reads nothing about anybody, and what only the shop can say it
//! leaves open and says so.

mod fields;
mod files;
mod toml_text;
mod visit;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, ensure};

use self::{fields::ItemFields, visit::FollowedVisit};
use super::{
    import::{self, ImportArgs},
    print,
};

/// Write a shop folder to begin with: a policy that reads nobody, a place, a rule
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin init my-shop --yes --from items.jsonl\n\
                        Example: jardin init my-shop --yes --from items.jsonl --follow-visit \"To spare you searching.\" --balance LIA-1\n\
                        Exit code: 0 written, 1 written and some rows of the file are wrong, 2 nothing written")]
pub(crate) struct InitArgs {
    /// The folder; it may exist if it is empty
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// A catalogue, an item a line: its fields are declared, and it is imported
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
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
    let items = args.from.as_deref().map(ItemFields::of_file).transpose()?.unwrap_or_default();
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
    let imported = import::run(&ImportArgs::of_file(&args.folder, file))?;
    print::line(&format!("next: jardin policy pin {folder}; jardin serve {folder}"));
    Ok(imported)
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
