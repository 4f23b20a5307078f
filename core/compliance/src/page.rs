//! A page of prose, lists and tables, and how it looks as text, Markdown and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// The language it is written in, such as `fr`.
    pub language: String,
    /// Its sections, in their order.
    pub sections: Vec<Section>,
}

/// A part of a page under a title of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Its title; none where it continues the page's.
    pub title: String,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// What stands in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Sentences.
    Paragraph(String),
    /// Points.
    List(Vec<String>),
    /// A table: its head, and rows of as many cells.
    Table(Vec<String>, Vec<Vec<String>>),
}

impl Section {
    /// A section without blocks.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: Vec::new() }
    }

    /// Adds sentences, unless there are none.
    pub fn say(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.blocks.push(Block::Paragraph(text));
        }
    }

    /// Adds points, unless there are none.
    pub fn list(&mut self, points: Vec<String>) {
        if !points.is_empty() {
            self.blocks.push(Block::List(points));
        }
    }
}

impl Page {
    /// A page without sections.
    #[must_use]
    pub fn new(title: impl Into<String>, language: &str) -> Self {
        Self { title: title.into(), language: language.to_owned(), sections: Vec::new() }
    }

    /// Adds a section, unless nothing stands in it.
    pub fn add(&mut self, section: Section) {
        if !section.blocks.is_empty() {
            self.sections.push(section);
        }
    }

    /// The page for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n", self.title, "=".repeat(self.title.chars().count()));
        for section in &self.sections {
            if !section.title.is_empty() {
                let _ = write!(text, "\n{}\n", section.title);
            }
            for block in &section.blocks {
                match block {
                    Block::Paragraph(words) => write_wrapped(&mut text, "  ", "  ", words),
                    Block::List(points) => {
                        points.iter().for_each(|point| write_wrapped(&mut text, "  - ", "    ", point))
                    }
                    Block::Table(head, rows) => write_columns(&mut text, head, rows),
                }
            }
        }
        text
    }

    /// The page as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n", self.title);
        for section in &self.sections {
            if !section.title.is_empty() {
                let _ = write!(text, "\n## {}\n", section.title);
            }
            for block in &section.blocks {
                text.push('\n');
                match block {
                    Block::Paragraph(words) => {
                        let _ = writeln!(text, "{words}");
                    }
                    Block::List(points) => points.iter().for_each(|point| {
                        let _ = writeln!(text, "- {point}");
                    }),
                    Block::Table(head, rows) => {
                        write_row(&mut text, head);
                        let _ = writeln!(text, "|{}", "---|".repeat(head.len()));
                        rows.iter().for_each(|cells| write_row(&mut text, cells));
                    }
                }
            }
        }
        text
    }

    /// The page as JSON: `{title, language, sections: [{title, blocks: [{paragraph} | {list} | {head,
    /// rows}]}]}`.
    #[must_use]
    pub fn json(&self) -> String {
        let block = |block: &Block| match block {
            Block::Paragraph(words) => json!({ "paragraph": words }),
            Block::List(points) => json!({ "list": points }),
            Block::Table(head, rows) => json!({ "head": head, "rows": rows }),
        };
        let section = |section: &Section| {
            let blocks: Vec<Value> = section.blocks.iter().map(block).collect();
            json!({ "title": section.title, "blocks": blocks })
        };
        let sections: Vec<Value> = self.sections.iter().map(section).collect();
        format!("{:#}", json!({ "title": self.title, "language": self.language, "sections": sections }))
    }
}

fn write_row(text: &mut String, cells: &[String]) {
    for cell in cells {
        let _ = write!(text, "| {} ", cell.replace('|', "\\|"));
    }
    text.push_str("|\n");
}

const WIDTH: usize = 100;

/// Words in lines of at most [`WIDTH`] characters.
fn write_wrapped(text: &mut String, first: &str, next: &str, words: &str) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in words.split_whitespace() {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{}", line.trim_end());
            next.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

fn write_columns(text: &mut String, head: &[String], rows: &[Vec<String>]) {
    let width = |i: usize| {
        let of = |cells: &[String]| cells.get(i).map_or(0, |c| c.chars().count());
        rows.iter().map(|r| of(r)).chain([of(head)]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut line = |cells: &[String]| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(c, w)| format!("{c}{}", " ".repeat(w.saturating_sub(c.chars().count()))));
        let joined = padded.collect::<Vec<_>>().join("  ");
        let _ = writeln!(text, "  {}", joined.trim_end());
    };
    line(head);
    line(&widths.iter().map(|w| "-".repeat(*w)).collect::<Vec<_>>());
    rows.iter().for_each(|cells| line(cells));
}
