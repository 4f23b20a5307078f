//! `jardin import`.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};
use jardin_contract::SystemClock;
use jardin_engine::MAX_EVENTS;
use jardin_host::{HostError, OpenShop, StartOptions};
use jardin_import::{Batch, Format, Opened, Summary};
use tokio::runtime::Handle;

use super::{
    consents::{self, Consents},
    print,
    serve::{open_shop, runtime},
    shop_arg::read_shop,
};

/// Read events and items from a file into a shop's store
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin import examples/online-retail online_retail.csv.xz\n\
                        Example: jardin import examples/shop events.jsonl --consents answers.jsonl\n\
                        An answer is a line: {\"subject_id\": \"c-17\", \"consent\": \"improvement\", \"status\": \"granted\",\n\
                        \"text_version\": \"2026-10\", \"at\": \"2026-10-05T10:00:00Z\", \"source\": \"banner\"}. None is ever invented.\n\
                        Exit code: 0 every row was taken or set aside, 1 some rows are wrong, 2 nothing was imported")]
pub(crate) struct ImportArgs {
    /// The shop folder
    folder: PathBuf,
    /// The file: .jsonl, .csv (Online Retail), or either with .xz
    #[arg(required_unless_present = "consents")]
    file: Option<PathBuf>,
    /// Answers to consent questions, a JSON object a line; they count before the events
    #[arg(long, value_name = "FILE")]
    consents: Option<PathBuf>,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
}

impl ImportArgs {
    /// Of a file into a shop's own data folder.
    pub(crate) fn of_file(folder: &Path, file: &Path) -> Self {
        Self { folder: folder.to_owned(), file: Some(file.to_owned()), consents: None, data: None }
    }
}

/// So many bad rows are shown.
const SHOWN: usize = 20;

pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let folder = read_shop(&args.folder)?;
    let opened = args.file.as_deref().map(jardin_import::open).transpose()?;
    let runtime = runtime()?;
    let options =
        StartOptions { data: args.data.clone(), listen: None, clock: Arc::new(SystemClock), seed: 0 };
    let shop = runtime.block_on(open_shop(&folder, options))?;
    let import = runtime.block_on(shop.begin_import())?;
    let answers = args.consents.as_deref().map(|file| consents::import(file, &shop, &runtime));
    let answers = answers.transpose()?.unwrap_or_default();
    let (mut taken, mut summary) = (Taken::default(), Summary::default());
    if let Some(opened) = opened {
        summary = events(opened, &shop, runtime.handle(), &mut taken)?;
    }
    if let Some(import) = import {
        runtime.block_on(import.commit())?;
    }
    taken.tell(&mut summary);
    if args.consents.is_some() {
        tell(&answers);
    }
    if args.file.is_some() {
        show(&summary, &taken);
    }
    Ok(ExitCode::from(u8::from(summary.bad > 0 || !answers.refused.is_empty())))
}

/// Reads events and items.
fn events(opened: Opened, shop: &OpenShop, handle: &Handle, taken: &mut Taken) -> anyhow::Result<Summary> {
    let bar = bar(opened.length);
    let read = Arc::clone(&opened.read);
    let mut sink = |batch: Batch| {
        bar.set_position(read.load(Ordering::Relaxed));
        taken.batch(handle, shop, batch)
    };
    let summary = match opened.format {
        Format::OnlineRetail => jardin_import::online_retail(opened.content, &mut sink)?,
        Format::JsonLines => jardin_import::json_lines(opened.content, &mut sink)?,
    };
    bar.finish_and_clear();
    Ok(summary)
}

/// What became of the answers.
fn tell(answers: &Consents) {
    print::line(&format!("{} answers stored, {} known already", answers.stored, answers.known));
    if !answers.refused.is_empty() {
        print::line(&format!("{} answers are refused:", answers.refused.len()));
        for (line, why) in answers.refused.iter().take(SHOWN) {
            print::line(&format!("  line {line}: {why}"));
        }
    }
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

/// What became of the batches.
#[derive(Default)]
struct Taken {
    events: usize,
    duplicates: usize,
    set_aside: usize,
    /// Line and word of each refused event.
    refused: Vec<(u64, String)>,
    items_refused: usize,
}

impl Taken {
    fn batch(&mut self, handle: &Handle, shop: &OpenShop, batch: Batch) -> Result<(), String> {
        handle.block_on(async {
            let told = |error: HostError| error.to_string();
            if !batch.items.is_empty() {
                self.items_refused += shop.put_items(batch.items).await.map_err(told)?;
            }
            for (events, lines) in batch.events.chunks(MAX_EVENTS).zip(batch.lines.chunks(MAX_EVENTS)) {
                let taken = shop.put_events(events.to_vec()).await.map_err(told)?;
                self.events += taken.accepted;
                self.duplicates += taken.duplicates;
                self.set_aside += taken.set_aside;
                let line = |index: usize| lines.get(index).copied().unwrap_or(0);
                self.refused.extend(taken.rejected.into_iter().map(|(index, why)| (line(index), why)));
            }
            Ok(())
        })
    }

    fn tell(&self, summary: &mut Summary) {
        self.refused.iter().for_each(|(line, problem)| summary.note(*line, problem.clone()));
        summary.bad_rows.sort_by_key(|b| b.line);
    }
}

fn show(summary: &Summary, taken: &Taken) {
    print::line(&format!("{} rows read", summary.rows));
    print::line(&format!("{} events stored, {} known already", taken.events, taken.duplicates));
    if taken.set_aside > 0 {
        let lines = taken.set_aside;
        print::line(&format!("{lines} products of events set aside: the policy never ties them to a person"));
    }
    print::line(&format!("{} items, {} refused", summary.items, taken.items_refused));
    if summary.without_customer > 0 {
        print::line(&format!("{} rows of nobody known, kept under their visit", summary.without_customer));
    }
    for (why, count) in &summary.set_aside {
        print::line(&format!("{count} rows set aside: {why}"));
    }
    if summary.bad > 0 {
        print::line(&format!("{} rows are wrong:", summary.bad));
        for row in summary.bad_rows.iter().take(SHOWN) {
            print::line(&format!("  line {}: {}", row.line, row.what));
        }
        if summary.bad_rows.len() > SHOWN {
            print::line("  …");
        }
    }
}
