//! A document as parts, and its three forms: Markdown, one self-contained HTML page, JSON.

use std::fmt::Write as _;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its title.
    pub title: String,
    /// Its language, as HTML names it.
    pub language: String,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A list.
    List(Vec<String>),
    /// A table: its head and its rows, all of one length.
    Table(Vec<String>, Vec<Vec<String>>),
}

impl Sheet {
    /// An empty document.
    #[must_use]
    pub fn new(title: impl Into<String>, language: &str) -> Self {
        Self {
            title: title.into(),
            language: language.to_owned(),
            parts: Vec::new(),
        }
    }

    pub(crate) fn heading(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Heading(text.into()));
    }

    pub(crate) fn text(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Text(text.into()));
    }

    pub(crate) fn list(&mut self, items: Vec<String>) {
        self.parts.push(Part::List(items));
    }

    pub(crate) fn table(&mut self, head: &[&str], rows: Vec<Vec<String>>) {
        self.parts.push(Part::Table(head.iter().map(|h| (*h).to_owned()).collect(), rows));
    }

    /// As Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", self.title);
        for part in &self.parts {
            out.push('\n');
            match part {
                Part::Heading(text) => line(&mut out, &format!("## {text}")),
                Part::Text(text) => line(&mut out, text),
                Part::List(items) => items.iter().for_each(|item| line(&mut out, &format!("- {item}"))),
                Part::Table(head, rows) => {
                    row(&mut out, head);
                    row(&mut out, &vec!["---".to_owned(); head.len()]);
                    rows.iter().for_each(|cells| row(&mut out, cells));
                }
            }
        }
        out
    }

    /// As one page that needs nothing else and prints well.
    #[must_use]
    pub fn html(&self) -> String {
        let mut body = format!("<h1>{}</h1>\n", escaped(&self.title));
        for part in &self.parts {
            match part {
                Part::Heading(text) => line(&mut body, &format!("<h2>{}</h2>", escaped(text))),
                Part::Text(text) => line(&mut body, &format!("<p>{}</p>", escaped(text))),
                Part::List(items) => {
                    let items: String = items.iter().map(|i| format!("<li>{}</li>", escaped(i))).collect();
                    line(&mut body, &format!("<ul>{items}</ul>"));
                }
                Part::Table(head, rows) => line(&mut body, &html_table(head, rows)),
            }
        }
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>{STYLE}</style>\n{body}</html>\n",
            escaped(&self.language),
            escaped(&self.title)
        )
    }

    /// As JSON: `{"title", "language", "parts": [{"heading"} | {"text"} | {"list"} | {"head", "rows"}]}`.
    #[must_use]
    pub fn json(&self) -> String {
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Heading(text) => format!("{{\"heading\":{}}}", quoted(text)),
                Part::Text(text) => format!("{{\"text\":{}}}", quoted(text)),
                Part::List(items) => format!("{{\"list\":{}}}", list(items)),
                Part::Table(head, rows) => {
                    let rows: Vec<String> = rows.iter().map(|r| list(r)).collect();
                    format!("{{\"head\":{},\"rows\":[{}]}}", list(head), rows.join(","))
                }
            })
            .collect();
        format!(
            "{{\"title\":{},\"language\":{},\"parts\":[{}]}}",
            quoted(&self.title),
            quoted(&self.language),
            parts.join(",")
        )
    }
}

const STYLE: &str = "body{font:11pt/1.45 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}\
table{border-collapse:collapse;width:100%;margin:1em 0;font-size:10pt}th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top}\
th{background:#f2f2f2}h2{margin-top:1.6em;border-bottom:1px solid #ddd}@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}";

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

fn row(out: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|c| c.replace('|', "\\|").replace('\n', " ")).collect();
    line(out, &format!("| {} |", cells.join(" | ")));
}

fn html_table(head: &[String], rows: &[Vec<String>]) -> String {
    let cells = |tag: &str, cells: &[String]| cells.iter().map(|c| format!("<{tag}>{}</{tag}>", escaped(c))).collect::<String>();
    let rows: String = rows.iter().map(|r| format!("<tr>{}</tr>\n", cells("td", r))).collect();
    format!("<table>\n<tr>{}</tr>\n{rows}</table>", cells("th", head))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|i| quoted(i)).collect::<Vec<_>>().join(","))
}

/// A text as JSON writes it (RFC 8259).
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_keeps_what_is_special_in_it() {
        let mut sheet = Sheet::new("A & B", "en");
        sheet.text("<x> \"y\"");
        sheet.table(&["a|b"], vec![vec!["c\nd".to_owned()]]);
        assert_eq!(sheet.markdown(), "# A & B\n\n<x> \"y\"\n\n| a\\|b |\n| --- |\n| c d |\n");
        assert!(sheet.html().contains("<p>&lt;x&gt; &quot;y&quot;</p>") && sheet.html().contains("<h1>A &amp; B</h1>"));
        let json = "{\"title\":\"A & B\",\"language\":\"en\",\"parts\":[{\"text\":\"<x> \\\"y\\\"\"},{\"head\":[\"a|b\"],\"rows\":[[\"c\\nd\"]]}]}";
        assert_eq!(sheet.json(), json);
    }
}
