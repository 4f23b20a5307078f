//! `jardin import`.

mod consents;
mod replacement;
mod taken;
mod verdicts;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};
use jardin_contract::SystemClock;
use jardin_host::{OpenShop, StartOptions, counted};
use jardin_import::{Batch, Opened, ReadOptions, Summary};
use jardin_model::Currency;
use tokio::runtime::{Handle, Runtime};

use self::{
    consents::Consents,
    replacement::{Replacement, settle_others},
    taken::Taken,
    verdicts::{show_bad_rows, show_columns, show_rows},
};
use super::{
    feed_args::FeedArgs,
    print,
    serve::{open_shop, runtime},
    shop_arg::read_shop,
};

/// Read a catalogue or events from a shop's own file into its store
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin import my-shop feed.tsv --dry-run\n\
                        Example: jardin import my-shop products_export.csv.gz --level product --replace\n\
                        Example: zcat events.json.gz | jardin import my-shop - --shape ga4\n\
                        Example: jardin import examples/shop events.jsonl --consents answers.jsonl\n\
                        The shapes: auto, google, shopify, woocommerce, json-ld, json-lines, ga4, segment, online-retail; docs/feeds.md\n\
                        An answer is a line: {\"subject_id\": \"c-17\", \"consent\": \"improvement\", \"status\": \"granted\",\n\
                        \"text_version\": \"2026-10\", \"at\": \"2026-10-05T10:00:00Z\", \"source\": \"banner\"}. None is ever invented.\n\
                        Exit code: 0 every row was taken or set aside, 1 rows are refused or hold what cannot be read, 2 the file could not be read")]
pub(crate) struct ImportArgs {
    /// The shop folder
    folder: PathBuf,
    /// The file, plain or packed by gzip, xz or Zstandard; `-` is the standard input
    #[arg(required_unless_present_any = ["consents", "put_back"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    feed: FeedArgs,
    /// How the file writes numbers: de, fr, en, es, it, nl, ch or jp
    #[arg(long)]
    locale: Option<String>,
    /// The file is the whole catalogue: what it does not have goes; `--replace=all` even where that is more than a third
    #[arg(long, value_name = "all", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = ["", "all"], requires = "file")]
    replace: Option<String>,
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
    pub(crate) fn of_file(folder: &Path, file: &Path, feed: &FeedArgs, locale: Option<&str>) -> Self {
        Self {
            folder: folder.to_owned(),
            file: Some(file.to_owned()),
            feed: feed.clone(),
            locale: locale.map(str::to_owned),
            replace: None,
            consents: None,
            data: None,
            dry_run: false,
            put_back: false,
        }
    }
}

pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let content = read_shop(&args.folder)?;
    let options = args.feed.options(args.locale.as_deref(), Currency::from_code(&content.config.currency))?;
    let opened = args.file.as_deref().map(|file| args.feed.open(file)).transpose()?;
    let runtime = runtime()?;
    let start = StartOptions { data: args.data.clone(), listen: None, clock: Arc::new(SystemClock), seed: 0 };
    let shop = runtime.block_on(open_shop(&content, start))?;
    if args.put_back {
        let count = runtime.block_on(shop.put_items_back())?;
        print::line(&format!("the catalogue that was replaced last is back: {}", counted(count, "item")));
        return Ok(ExitCode::SUCCESS);
    }
    if args.dry_run {
        print::line("a dry run: nothing is stored");
    }
    let mut taken = Taken::new(&content.policy, args.dry_run);
    let read =
        Reading { args, options: &options, shop: &shop, runtime: &runtime }.read_all(opened, &mut taken)?;
    Ok(read.exit_code(&taken))
}

/// What an import reads, and where to.
struct Reading<'a> {
    args: &'a ImportArgs,
    options: &'a ReadOptions,
    shop: &'a OpenShop,
    runtime: &'a Runtime,
}

/// What was read, and what became of what it does not have.
struct ReadFiles {
    answers: Consents,
    summary: Option<Summary>,
    replacement: Replacement,
}

impl Reading<'_> {
    /// Reads answers first, then the file; an end before the last step leaves nothing of it.
    fn read_all(&self, opened: Option<Opened>, taken: &mut Taken<'_>) -> anyhow::Result<ReadFiles> {
        let args = self.args;
        let import = self.runtime.block_on(self.shop.begin_import())?;
        let read_answers = |file| consents::import(file, self.shop, self.runtime, args.dry_run);
        let answers = args.consents.as_deref().map(read_answers).transpose()?.unwrap_or_default();
        if args.replace.is_some() && !args.dry_run {
            self.runtime.block_on(self.shop.keep_items())?;
        }
        let mut summary = opened.map(|opened| self.read_file(opened, taken)).transpose()?;
        let unread = summary.as_ref().map_or(0, |summary| summary.bad);
        let replacement = self.runtime.block_on(settle_others(self.shop, taken, args, unread))?;
        if let Some(import) = import.filter(|_| !args.dry_run) {
            self.runtime.block_on(import.commit())?;
        }
        if args.consents.is_some() {
            show_answers(&answers);
        }
        if let Some(summary) = &mut summary {
            taken.add_to_summary(summary);
            show(summary, taken);
            replacement.show_replacement(args.dry_run);
        }
        Ok(ReadFiles { answers, summary, replacement })
    }

    /// Reads events and items.
    fn read_file(&self, opened: Opened, taken: &mut Taken<'_>) -> anyhow::Result<Summary> {
        print::line(&format!("taken for {} ({})", opened.says, opened.shape.shape_name()));
        let bar = opened.length.map_or_else(ProgressBar::hidden, bar);
        let read = Arc::clone(&opened.read);
        let handle: &Handle = self.runtime.handle();
        let summary = opened.read_rows(self.options, &mut |batch: Batch| {
            bar.set_position(read.load(Ordering::Relaxed));
            taken.take_batch(handle, self.shop, batch)
        })?;
        bar.finish_and_clear();
        Ok(summary)
    }
}

impl ReadFiles {
    fn exit_code(&self, taken: &Taken<'_>) -> ExitCode {
        let bad = self.summary.as_ref().map_or(0, |summary| summary.bad);
        let is_whole = bad == 0
            && self.answers.refused.is_empty()
            && !taken.has_faults()
            && !self.replacement.is_refused();
        ExitCode::from(u8::from(!is_whole))
    }
}

/// What became of the answers.
fn show_answers(answers: &Consents) {
    print::line(&format!("{} answers stored, {} known already", answers.stored, answers.known));
    show_rows("answer is refused", "answers are refused", &answers.refused);
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
    show_columns(&summary.columns);
    taken.show(summary);
    if summary.without_customer > 0 {
        let rows = counted_rows(summary.without_customer, "row");
        print::line(&format!("{rows} of nobody known, kept under the visit"));
    }
    for (why, count) in &summary.set_aside {
        print::line(&format!("{} set aside: {why}", counted_rows(*count, "row")));
    }
    show_bad_rows(summary, taken.policy());
}

/// `1 row`, `2 rows`.
fn counted_rows(count: u64, what: &str) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), what)
}
