//! `jardin import`.

mod consents;
mod taken;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};
use jardin_contract::SystemClock;
use jardin_host::{OpenShop, StartOptions, counted};
use jardin_import::{Batch, Format, Opened, Summary};
use tokio::runtime::Handle;

use self::{
    consents::Consents,
    taken::{MAX_SHOWN, Taken, counted_rows, show_rows},
};
use super::{
    print,
    serve::{open_shop, runtime},
    shop_arg::read_shop,
};

/// Read events and items from a file into a shop's store
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin import examples/online-retail online_retail.csv.xz\n\
                        Example: jardin import examples/shop events.jsonl --consents answers.jsonl\n\
                        Example: jardin import examples/shop items.jsonl --dry-run\n\
                        An answer is a line: {\"subject_id\": \"c-17\", \"consent\": \"improvement\", \"status\": \"granted\",\n\
                        \"text_version\": \"2026-10\", \"at\": \"2026-10-05T10:00:00Z\", \"source\": \"banner\"}. None is ever invented.\n\
                        Exit code: 0 every row was taken or set aside, 1 some rows are refused or hold what cannot be read, 2 nothing was imported")]
pub(crate) struct ImportArgs {
    /// The shop folder
    folder: PathBuf,
    /// The file: .jsonl, .csv (Online Retail), or either with .xz
    #[arg(required_unless_present_any = ["consents", "put_back"])]
    file: Option<PathBuf>,
    /// Answers to consent questions, a JSON object a line; they count before the events
    #[arg(long, value_name = "FILE")]
    consents: Option<PathBuf>,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
    /// Say what would become of each row, and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Put the catalogue back that was replaced last; the same again undoes it
    #[arg(long, conflicts_with_all = ["file", "consents", "dry_run"])]
    put_back: bool,
}

impl ImportArgs {
    /// Of a file into a shop's own data folder.
    pub(crate) fn of_file(folder: &Path, file: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            file: Some(file.to_owned()),
            consents: None,
            data: None,
            dry_run: false,
            put_back: false,
        }
    }
}

pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let folder = read_shop(&args.folder)?;
    let opened = args.file.as_deref().map(jardin_import::open).transpose()?;
    let runtime = runtime()?;
    let options =
        StartOptions { data: args.data.clone(), listen: None, clock: Arc::new(SystemClock), seed: 0 };
    let shop = runtime.block_on(open_shop(&folder, options))?;
    if args.put_back {
        let count = runtime.block_on(shop.put_items_back())?;
        print::line(&format!("the catalogue that was replaced last is back: {}", counted(count, "item")));
        return Ok(ExitCode::SUCCESS);
    }
    let import = runtime.block_on(shop.begin_import())?;
    let read_answers = |file| consents::import(file, &shop, &runtime, args.dry_run);
    let answers = args.consents.as_deref().map(read_answers).transpose()?.unwrap_or_default();
    let (mut taken, mut summary) = (Taken::new(&folder.policy, args.dry_run), Summary::default());
    if let Some(opened) = opened {
        summary = events(opened, &shop, runtime.handle(), &mut taken)?;
    }
    if let Some(import) = import.filter(|_| !args.dry_run) {
        runtime.block_on(import.commit())?;
    }
    taken.add_to_summary(&mut summary);
    if args.dry_run {
        print::line("a dry run: nothing is stored");
    }
    if args.consents.is_some() {
        show_answers(&answers);
    }
    if args.file.is_some() {
        show(&summary, &taken);
    }
    let is_whole = summary.bad == 0 && answers.refused.is_empty() && !taken.has_faults();
    Ok(ExitCode::from(u8::from(!is_whole)))
}

/// Reads events and items.
fn events(
    opened: Opened,
    shop: &OpenShop,
    handle: &Handle,
    taken: &mut Taken<'_>,
) -> anyhow::Result<Summary> {
    let bar = bar(opened.length);
    let read = Arc::clone(&opened.read);
    let mut sink = |batch: Batch| {
        bar.set_position(read.load(Ordering::Relaxed));
        taken.take_batch(handle, shop, batch)
    };
    let summary = match opened.format {
        Format::OnlineRetail => jardin_import::online_retail(opened.content, &mut sink)?,
        Format::JsonLines => jardin_import::json_lines(opened.content, &mut sink)?,
    };
    bar.finish_and_clear();
    Ok(summary)
}

/// What became of the answers.
fn show_answers(answers: &Consents) {
    print::line(&format!("{} answers stored, {} known already", answers.stored, answers.known));
    show_rows("answer is refused", "answers are refused", &answers.refused);
}

/// What became of events, in a word.
const fn events_judged(dry_run: bool) -> &'static str {
    if dry_run { "would be stored" } else { "stored" }
}

fn bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {percent:>3} %  {bytes} of {total_bytes}  {eta} left")
    {
        bar.set_style(style);
    }
    bar
}

fn show(summary: &Summary, taken: &Taken<'_>) {
    taken.show(summary);
    if summary.without_customer > 0 {
        let rows = counted_rows(summary.without_customer, "row");
        print::line(&format!("{rows} of nobody known, kept under the visit"));
    }
    for (why, count) in &summary.set_aside {
        print::line(&format!("{} set aside: {why}", counted_rows(*count, "row")));
    }
    if summary.bad > 0 {
        let are = if summary.bad == 1 { "is" } else { "are" };
        print::line(&format!("{} {are} wrong:", counted_rows(summary.bad, "row")));
        for row in summary.bad_rows.iter().take(MAX_SHOWN) {
            print::line(&format!("  line {}: {}", row.line, row.what));
        }
        if summary.bad_rows.len() > MAX_SHOWN {
            print::line("  …");
        }
    }
}
