//! `jardin import`.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
};

use indicatif::{ProgressBar, ProgressStyle};
use jardin_engine::{Narrowing, Receipt};
use jardin_import::{Batch, Format, Summary};
use jardin_strategy::SystemClock;
use tokio::runtime::Handle;

use super::{folder::Folder, host::Host, print, serve::runtime};

/// Read events and items from a file into a shop's store
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin import examples/online-retail online_retail.csv.xz\n\
                        Exit code: 0 every row was taken or set aside, 1 some rows are wrong, 2 nothing was imported")]
pub(crate) struct ImportArgs {
    /// The shop folder
    folder: PathBuf,
    /// The file: .jsonl, .csv (Online Retail), or either with .xz
    file: PathBuf,
    /// The data folder
    #[arg(long)]
    data: Option<PathBuf>,
}

/// So many bad rows are shown.
const SHOWN: usize = 20;

pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let folder = Folder::read(&args.folder)?;
    let data = args.data.clone().unwrap_or_else(|| folder.path.join(&*folder.server.store_folder));
    let opened = jardin_import::open(&args.file)?;
    let runtime = runtime()?;
    let host = runtime.block_on(Host::start(&folder, &data, Arc::new(SystemClock), 0))?;
    // one step: an end in between leaves nothing of it
    runtime.block_on(host.store.hold())?;
    let bar = bar(opened.length);
    let mut taken = Taken::default();
    let read = Arc::clone(&opened.read);
    let handle = runtime.handle().clone();
    let mut sink = |batch: Batch| {
        bar.set_position(read.load(Ordering::Relaxed));
        taken.batch(&handle, &host, batch)
    };
    let mut summary = match opened.format {
        Format::OnlineRetail => jardin_import::online_retail(opened.content, &mut sink)?,
        Format::JsonLines => jardin_import::json_lines(opened.content, &mut sink)?,
    };
    bar.finish_and_clear();
    runtime.block_on(host.store.release())?;
    taken.tell(&mut summary);
    show(&summary, &taken);
    Ok(ExitCode::from(u8::from(summary.bad > 0)))
}

fn bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {bytes} of {total_bytes}  {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// What became of the batches.
#[derive(Default)]
struct Taken {
    events: usize,
    duplicates: usize,
    /// Line and word of each refused event.
    refused: Vec<(u64, &'static str)>,
    items_refused: usize,
}

impl Taken {
    fn batch(&mut self, handle: &Handle, host: &Host, batch: Batch) -> Result<(), String> {
        handle.block_on(async {
            if !batch.items.is_empty() {
                let receipt = host.engine.put_items(batch.items).await.map_err(|p| p.to_string())?;
                self.items_refused += receipt.rejected.len();
            }
            for (events, lines) in batch
                .events
                .chunks(jardin_engine::MOST_EVENTS)
                .zip(batch.lines.chunks(jardin_engine::MOST_EVENTS))
            {
                let receipt = host
                    .engine
                    .ingest(events.to_vec(), &Narrowing::default())
                    .await
                    .map_err(|p| p.to_string())?;
                self.events(&receipt, lines);
            }
            Ok(())
        })
    }

    fn events(&mut self, receipt: &Receipt, lines: &[u64]) {
        self.events += receipt.accepted;
        self.duplicates += receipt.duplicates;
        self.refused.extend(
            receipt
                .rejected
                .iter()
                .map(|r| (lines.get(r.index).copied().unwrap_or(0), r.problem)),
        );
    }

    fn tell(&self, summary: &mut Summary) {
        self.refused.iter().for_each(|(line, problem)| summary.note(*line, problem));
        summary.bad_rows.sort_by_key(|b| b.line);
    }
}

fn show(summary: &Summary, taken: &Taken) {
    print::line(&format!("{} rows read", summary.rows));
    print::line(&format!("{} events stored, {} known already", taken.events, taken.duplicates));
    print::line(&format!("{} items, {} refused", summary.items, taken.items_refused));
    if summary.without_customer > 0 {
        print::line(&format!(
            "{} rows of nobody known, kept under their visit",
            summary.without_customer
        ));
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
