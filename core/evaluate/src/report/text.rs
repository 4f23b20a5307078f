//! The result as a table for a terminal.

use std::fmt::Write as _;

use super::{Line, Report};

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
        if !self.privacy.is_empty() {
            text.push('\n');
            table(&mut text, "price of privacy", &self.privacy);
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

fn table(text: &mut String, first: &str, lines: &[Line]) {
    let width = lines.iter().map(|l| l.name.chars().count()).max().unwrap_or(0).max(first.chars().count());
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
