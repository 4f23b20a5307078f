//! The result as one HTML page that needs nothing else.

use std::fmt::Write as _;

use super::{
    Line, Report,
    chart::{bars, escaped},
    columns::{Column, OF_FOLLOWED, OF_LIST, all},
};
use crate::{Denominators, Kind, Part};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}td,th{padding:.3rem .5rem;text-align:right;border-bottom:1px solid #ddd}\
td:first-child,th:first-child{text-align:left}figure{margin:1.5rem 0}figcaption{font-weight:600}svg{width:100%;max-width:40rem}\
svg rect{fill:#2f7d5b}svg line{stroke:#222;stroke-width:1.5}svg text{font-size:12px;fill:#222}\
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181a1b}svg text{fill:#ddd}svg line{stroke:#ddd}td,th{border-color:#444}}";

impl Report {
    /// A page with tables and charts.
    #[must_use]
    pub fn html(&self) -> String {
        let mut html = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
             <title>{0}</title><style>{STYLE}</style><h1>{0}</h1>",
            escaped(&self.title)
        );
        let Denominators { questions, unanswered, followed, capped, items, visits } = self.denominators();
        let _ = write!(
            html,
            "<p>{questions} questions, the first {} items of each answer, with 95 % intervals. {unanswered} of them were not answered by the \
             first strategy. {followed} items followed, {capped} counting at most {0} a question. Coverage is of the {items} items of {visits} \
             visits.</p>",
            self.k
        );
        table(&mut html, "strategy", &self.strategies);
        for column in all() {
            html.push_str(&self.chart(column, &self.strategies));
        }
        for (title, lines) in self.side_tables() {
            if !lines.is_empty() {
                table(&mut html, title, lines);
            }
        }
        let lines: Vec<&Line> = self.strategies.iter().chain(&self.floors).collect();
        followed_table(&mut html, &lines);
        by_kind(&mut html, &lines);
        if !self.privacy.is_empty() {
            html.push_str("<h2>The price of privacy</h2><p>The same, with one thing changed: what is lost is what it is worth.</p>");
            table(&mut html, "changed", &self.privacy);
            for column in OF_LIST.iter().take(2) {
                html.push_str(&self.chart(column, &self.privacy));
            }
        }
        if !self.settings.is_empty() {
            html.push_str("<h2>Settings</h2><p>Chosen on the last part of the training time.</p><ul>");
            for (name, value) in &self.settings {
                let _ = write!(html, "<li><code>{} = {}</code></li>", escaped(name), escaped(value));
            }
            html.push_str("</ul>");
        }
        html
    }

    fn chart(&self, column: &Column, lines: &[Line]) -> String {
        let title = format!("{}@{}: {}", column.name, self.k, column.meaning);
        bars(&title, lines, |line| (column.of)(&line.measured.figures))
    }
}

fn heads(html: &mut String, columns: &[Column]) {
    for Column { name, meaning, counted, .. } in columns {
        let _ = write!(html, "<th title=\"{meaning}: {counted}\">{name}</th>");
    }
}

fn cells(html: &mut String, line: &Line, columns: &[Column]) {
    let _ = write!(html, "<tr><td>{}</td>", escaped(&line.name));
    for column in columns {
        let interval = (column.of)(&line.measured.figures);
        let _ = write!(html, "<td>{:.4} ± {:.4}</td>", interval.mean, interval.high - interval.mean);
    }
}

/// The lists against all that followed.
fn followed_table(html: &mut String, lines: &[&Line]) {
    html.push_str("<table><tr><th>all that followed</th>");
    heads(html, &OF_FOLLOWED);
    html.push_str("</tr>");
    for line in lines {
        cells(html, line, &OF_FOLLOWED);
        html.push_str("</tr>");
    }
    html.push_str("</table>");
}

fn table(html: &mut String, first: &str, lines: &[Line]) {
    let _ = write!(html, "<table><tr><th>{}</th>", escaped(first));
    heads(html, &OF_LIST);
    html.push_str("<th>coverage</th><th>p50 µs</th><th>p99 µs</th></tr>");
    for line in lines {
        cells(html, line, &OF_LIST);
        let latency = line.measured.latency;
        let _ = write!(
            html,
            "<td>{:.4}</td><td>{:.1}</td><td>{:.1}</td></tr>",
            line.measured.figures.coverage, latency.p50, latency.p99
        );
    }
    html.push_str("</table>");
}

/// HR and MRR apart by what came next: a good figure for what a visit has seen already says little.
fn by_kind(html: &mut String, lines: &[&Line]) {
    html.push_str("<table><tr><th>HR and MRR by what came next</th>");
    for kind in Kind::ALL {
        let _ = write!(html, "<th>{}</th>", kind.name());
    }
    html.push_str("</tr>");
    for line in lines {
        let _ = write!(html, "<tr><td>{}</td>", escaped(&line.name));
        for part in line.measured.figures.by_kind {
            let Part { questions, hr, mrr } = part;
            let _ = write!(html, "<td>{:.4}, {:.4} of {questions}</td>", hr.mean, mrr.mean);
        }
        html.push_str("</tr>");
    }
    html.push_str("</table>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Interval, Measured};

    fn report() -> Report {
        let mut measured = Measured::default();
        measured.figures.hr = Interval { mean: 0.375, low: 0.37, high: 0.38 };
        Report {
            k: 20,
            title: "a <shop> & its \"events\"".to_owned(),
            strategies: vec![Line { name: "session-knn".to_owned(), measured }],
            ..Report::default()
        }
    }

    #[test]
    fn the_page_needs_nothing_else_and_shows_names_as_they_are() {
        let html = report().html();
        assert!(html.contains("a &lt;shop&gt; &amp; its &quot;events&quot;"));
        assert!(html.contains("<svg") && html.contains("0.3750"));
        assert!(!html.contains("http") && !html.contains("<script"));
    }

    #[test]
    fn json_has_plain_numbers() {
        let json = report().json();
        assert_eq!(json["hr"], 0.375);
        assert_eq!(json["strategies"][0]["hr"], 0.375);
        assert_eq!(json["hr_interval"][1], 0.38);
        assert!(json["mrr"].is_f64() && json["ndcg"].is_f64() && json["coverage"].is_f64());
    }

    #[test]
    fn the_table_has_a_line_a_strategy() {
        let text = report().text();
        assert!(text.lines().any(|l| l.starts_with("session-knn") && l.contains(".3750 ±.0050")), "{text}");
    }
}
