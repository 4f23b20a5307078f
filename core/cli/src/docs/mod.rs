//! `jardin docs`: what this shop's scripts may use, for people and for editors.

mod language;
mod script;

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use jardin_host::ShopContent;
use jardin_policy::StrategyKind;

use self::script::Script;
use super::{print, shop_arg::read_foreign_shop, written_file::write_file};

/// Write down what this shop's scripts may use: a page for people, definitions for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin docs examples/shop --out my-notes\n\
                        Exit code: 0 it was written, 2 it could not be")]
pub(crate) struct DocsArgs {
    /// The shop folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Write scripts.md and a .d.rhai for each script into this folder, instead of showing the page
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &DocsArgs) -> anyhow::Result<ExitCode> {
    let folder = read_foreign_shop(&args.folder)?;
    let rules = folder.policy.rules().strategies.values();
    let scripts: Vec<Script> = rules
        .filter_map(|rule| match &rule.kind {
            StrategyKind::Script(file) => Some(Script::of(rule, file, &folder)),
            StrategyKind::Plugin(_) => None,
        })
        .collect();
    let page = page(&folder, &scripts);
    let Some(out) = &args.out else {
        print::line(&page);
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(out).with_context(|| format!("`{}` cannot be made", out.display()))?;
    let mut files = vec![("scripts.md".to_owned(), page)];
    files.extend(scripts.iter().map(|s| (s.definitions_file(), s.definitions())));
    for (name, text) in files {
        let path = out.join(name);
        write_file(&path, text.as_bytes())?;
        print::line(&path.display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}

fn page(folder: &ShopContent, scripts: &[Script]) -> String {
    let mut parts = vec![
        format!("# What the scripts of {} may use", folder.config.name),
        format!(
            "Made from {} (revision {}). A field that is not listed under a script is refused when the script is checked.",
            folder.config.files.policy,
            folder.policy.revision()
        ),
    ];
    parts.extend(scripts.iter().map(Script::page));
    parts.push(language::page());
    parts.join("\n\n")
}
