//! The result as a table for a terminal.

use std::fmt::Write as _;

use super::{Line, Report, Validation};
use crate::Kind;

const HEAD: [&str; 10] =
    ["HR", "MRR", "NDCG", "precision", "recall", "coverage", "popularity", "p50 µs", "p90 µs", "p99 µs"];

impl Report {
    /// A table: one line a strategy, the figures at k with half the width of their 95 % interval.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let questions = self.strategies.first().map_or(0, |s| s.measured.figures.questions);
        let _ = writeln!(
            text,
            "{}: {questions} questions, the first {} items of each answer",
            self.title, self.k
        );
        table(&mut text, "strategy", &self.strategies);
        for (title, lines) in self.side_tables().into_iter().chain([("price of privacy", &*self.privacy)]) {
            if !lines.is_empty() {
                text.push('\n');
                table(&mut text, title, lines);
            }
        }
        let lines: Vec<&Line> = self.strategies.iter().chain(&self.floors).collect();
        by_kind(&mut text, &lines);
        if let Some(Validation { questions, before, after }) = self.validation {
            let _ = writeln!(
                text,
                "\n{questions} questions of the last part of the training time: HR {:.4} and MRR {:.4} before, {:.4} and {:.4} after",
                before.0, before.1, after.0, after.1
            );
        }
        if !self.settings.is_empty() {
            let _ = writeln!(text, "\nchosen on the last part of the training time:");
            for (name, value) in &self.settings {
                let _ = writeln!(text, "  {name} = {value}");
            }
        }
        text
    }
}

/// How wide the column of names is.
fn width_of<'a>(lines: impl Iterator<Item = &'a Line>, first: &str) -> usize {
    lines.map(|l| l.name.chars().count()).max().unwrap_or(0).max(first.chars().count())
}

/// HR and MRR apart by what came next, each with its share of the questions.
fn by_kind(text: &mut String, lines: &[&Line]) {
    let width = width_of(lines.iter().copied(), "what came next");
    let _ = write!(text, "\n{:width$}", "what came next");
    for kind in Kind::ALL {
        let _ = write!(text, "  {:>24}", kind.name());
    }
    text.push('\n');
    for line in lines {
        let figures = &line.measured.figures;
        let _ = write!(text, "{:width$}", line.name);
        for part in figures.by_kind {
            let share = 100.0 * part.questions as f64 / figures.questions.max(1) as f64;
            let cell = format!("{:.4} {:.4} ({share:.0} %)", part.hr.mean, part.mrr.mean);
            let _ = write!(text, "  {:>24}", cell.replace("0.", "."));
        }
        text.push('\n');
    }
}

fn table(text: &mut String, first: &str, lines: &[Line]) {
    let width = width_of(lines.iter(), first);
    let _ = write!(text, "{first:width$}");
    for head in HEAD {
        let _ = write!(text, "  {head:>12}");
    }
    text.push('\n');
    for line in lines {
        let f = &line.measured.figures;
        let _ = write!(text, "{:width$}", line.name);
        for interval in [f.hr, f.mrr, f.ndcg, f.precision, f.recall] {
            let _ = write!(
                text,
                "  {:>12}",
                format!("{:.4} ±{:.4}", interval.mean, interval.high - interval.mean).replace("0.", ".")
            );
        }
        let latency = line.measured.latency;
        let _ = write!(text, "  {:>12.4}  {:>12.4}", f.coverage, f.popularity.mean);
        for time in [latency.p50, latency.p90, latency.p99] {
            let _ = write!(text, "  {time:>12.1}");
        }
        text.push('\n');
    }
}
