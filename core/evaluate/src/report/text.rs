//! The result as a table for a terminal.

use std::fmt::Write as _;

use super::{
    Line, Report, Validation,
    columns::{Column, OF_FOLLOWED, OF_LIST, all},
};
use crate::{Denominators, Kind};

impl Report {
    /// Tables: one line a strategy, the figures at k with half the width of their 95 % interval, and below what they
    /// are divided by.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let counts = self.denominators();
        let _ = writeln!(
            text,
            "{}: {} questions, the first {} items of each answer",
            self.title, counts.questions, self.k
        );
        table(&mut text, "strategy", &self.strategies);
        for (title, lines) in self.side_tables().into_iter().chain([("price of privacy", &*self.privacy)]) {
            if !lines.is_empty() {
                text.push('\n');
                table(&mut text, title, lines);
            }
        }
        let lines: Vec<&Line> = self.strategies.iter().chain(&self.floors).collect();
        followed_table(&mut text, &lines);
        by_kind(&mut text, &lines);
        divisors(&mut text, &counts);
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
            let share = 100.0 * part.questions as f64 / figures.denominators.questions.max(1) as f64;
            let cell = format!("{:.4} {:.4} ({share:.0} %)", part.hr.mean, part.mrr.mean);
            let _ = write!(text, "  {:>24}", cell.replace("0.", "."));
        }
        text.push('\n');
    }
}

/// The name of a line and its intervals.
fn cells(text: &mut String, width: usize, line: &Line, columns: &[Column]) {
    let _ = write!(text, "{:width$}", line.name);
    for column in columns {
        let interval = (column.of)(&line.measured.figures);
        let cell = format!("{:.4} ±{:.4}", interval.mean, interval.high - interval.mean);
        // a nought before the point says nothing
        let cell = cell.replace("±0.", "±.");
        let cell = cell.strip_prefix('0').map_or(cell.clone(), str::to_owned);
        let _ = write!(text, "  {cell:>13}");
    }
}

fn table(text: &mut String, first: &str, lines: &[Line]) {
    let width = width_of(lines.iter(), first);
    let _ = write!(text, "{first:width$}");
    for head in OF_LIST.iter().map(|column| column.name) {
        let _ = write!(text, "  {head:>13}");
    }
    for head in ["coverage", "p50 µs", "p90 µs", "p99 µs"] {
        let _ = write!(text, "  {head:>10}");
    }
    text.push('\n');
    for line in lines {
        cells(text, width, line, &OF_LIST);
        let latency = line.measured.latency;
        let _ = write!(text, "  {:>10.4}", line.measured.figures.coverage);
        for time in [latency.p50, latency.p90, latency.p99] {
            let _ = write!(text, "  {time:>10.1}");
        }
        text.push('\n');
    }
}

/// The lists against all that followed.
fn followed_table(text: &mut String, lines: &[&Line]) {
    let width = width_of(lines.iter().copied(), "all that followed");
    let _ = write!(text, "\n{:width$}", "all that followed");
    for head in OF_FOLLOWED.iter().map(|column| column.name) {
        let _ = write!(text, "  {head:>13}");
    }
    text.push('\n');
    for line in lines {
        cells(text, width, line, &OF_FOLLOWED);
        text.push('\n');
    }
}

/// What each figure is, what it is divided by, and how much of it there is.
fn divisors(text: &mut String, counts: &Denominators) {
    let width = all().map(|column| column.name.len()).max().unwrap_or(0);
    let _ = writeln!(text, "\nwithin a question");
    for column in all() {
        let _ = writeln!(text, "  {:width$}  {}: {}", column.name, column.meaning, column.counted);
    }
    let Denominators { questions, unanswered, followed, capped, items, visits } = counts;
    let _ = writeln!(
        text,
        "means are over {questions} questions; {followed} items followed, {capped} where at most k count"
    );
    let _ = writeln!(
        text,
        "{unanswered} are unanswered by the first line: they count 0, and are no part of popularity and novelty"
    );
    let _ = writeln!(text, "coverage is of the {items} items of {visits} visits");
}
