//! `jardin evaluate`.

mod export;
mod own;
mod placement_answers;
mod privacy;
mod table;
mod tuning;
mod visits;

use std::{fs, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use jardin_evaluate::{Line, MostPopular, OwnItems, Question, Shares, measure};

use super::print;

/// Tell how good recommendations are, on what people really did next
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: jardin evaluate examples/shop --strategy goes-with-basket --strategy popular-now\n\
                        Example: jardin evaluate --train train.tsv --queries queries.tsv --strategy session-knn --tune\n\
                        With DIR the last tenth of the shop's own sessions is the test: those that strategies may learn from, and nobody else's.\n\
                        Exit code: 0 everything was measured, 2 nothing was"
)]
pub(crate) struct EvaluateArgs {
    /// A shop folder, to be evaluated on its own events
    #[arg(value_name = "DIR", conflicts_with_all = ["train", "queries", "leave_last_one", "export"], required_unless_present = "train")]
    folder: Option<PathBuf>,
    /// The data folder of DIR
    #[arg(long, requires = "folder")]
    data: Option<PathBuf>,
    /// Training sessions: tab-separated, header SessionId, ItemId, Time (unix seconds)
    #[arg(long)]
    train: Option<PathBuf>,
    /// Questions: items so far separated by spaces, a tab, the items that followed
    #[arg(long, requires = "train", conflicts_with = "leave_last_one")]
    queries: Option<PathBuf>,
    /// In the place of --queries: the last item of every training session is asked, and the rest is learned from
    #[arg(long, requires = "train")]
    leave_last_one: bool,
    /// With --train: write what followed and what was answered, as a TREC run, qrels and CSV
    #[arg(long, value_name = "FOLDER", requires = "train")]
    export: Option<PathBuf>,
    /// What to evaluate; more than once to compare
    #[arg(long = "strategy")]
    strategies: Vec<String>,
    /// How many items of each answer count
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=1000))]
    k: u16,
    /// Whether the newest item of a question may be recommended again
    #[arg(long, value_enum, default_value_t = CurrentItem::Exclude)]
    current_item: CurrentItem,
    /// Choose settings and fit weights of session_knn on the last 8 % of the training time first; those of DIR
    /// are written to its jardin.toml
    #[arg(long)]
    tune: bool,
    /// With --train: only what as many people did is recommended; a session of nobody known is a person. What
    /// session_knn reaches at 1 and 3 is shown in any case
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    at_least_people: u16,
    /// Repeat it with each grant taken away, and with fewer people who agree to be learned from
    #[arg(long)]
    price_of_privacy: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write a page with charts
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CurrentItem {
    /// The published protocol
    Allow,
    /// As beside a product page
    Exclude,
}

pub(crate) fn run(args: &EvaluateArgs) -> anyhow::Result<ExitCode> {
    let report = match (&args.folder, &args.train) {
        (Some(folder), _) => own::run(args, folder)?,
        (None, Some(train)) => table::run(args, train)?,
        (None, None) => {
            bail!("nothing to evaluate: name a shop folder, or give `--train FILE --queries FILE`")
        }
    };
    if let Some(path) = &args.html {
        fs::write(path, report.html()).with_context(|| format!("`{}` cannot be written", path.display()))?;
    }
    if args.json {
        print::line(&format!("{:#}", report.json()));
    } else {
        print::line(report.text().trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

/// Says which files run though nobody may have reviewed them.
fn tell_pinned(names: &[Arc<str>]) {
    print::error(&format!("for this run, these files count as reviewed: {}", names.join(", ")));
}

/// What any list must be better than.
fn floors(args: &EvaluateArgs, questions: &[Question], shares: &Shares) -> Vec<Line> {
    let with_newest = args.current_item == CurrentItem::Allow;
    let k = usize::from(args.k);
    let (mut own, mut popular) = (OwnItems { with_newest }, MostPopular::new(shares, with_newest));
    let Ok(own) = measure(&mut own, questions, k, shares, |_| {});
    let Ok(popular) = measure(&mut popular, questions, k, shares, |_| {});
    vec![
        Line { name: "own items, newest first".to_owned(), measured: own },
        Line { name: "most popular".to_owned(), measured: popular },
    ]
}

/// A bar beside the result; none where nobody watches.
fn progress(length: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message(what.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}  {eta} left") {
        bar.set_style(style);
    }
    bar
}
