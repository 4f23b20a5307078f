//! The findings of a text, and how a person is shown them.

use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{
    code::Severity,
    finding::Finding,
    span::{Lines, Span, line_and_column},
};

/// The longest lines that are shown with what is found in them, in bytes.
const MAX_SHOWN_LINE: usize = 20_000;

/// Findings with the text that they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The file, as it is shown.
    pub file: Arc<str>,
    /// Its text.
    pub source: Arc<str>,
    /// The findings, in the order of their places.
    pub findings: Vec<Finding>,
}

impl Report {
    /// A report without findings.
    #[must_use]
    pub fn new(file: &str, source: &str) -> Self {
        Self { file: file.into(), source: source.into(), findings: Vec::new() }
    }

    /// True where a finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors().next().is_some()
    }

    /// The errors.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.code.severity() == Severity::Error)
    }

    /// The warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.code.severity() == Severity::Warning)
    }

    /// The line and column of a finding, from 1.
    #[must_use]
    pub fn place(&self, finding: &Finding) -> (usize, usize) {
        line_and_column(&self.source, finding.span.start)
    }

    /// Brings the findings into the order of their places, each once.
    pub fn sort(&mut self) {
        self.findings.sort_by_key(|f| (f.span, f.code));
        self.findings.dedup();
    }

    /// Each finding with its place in the text, without colour.
    #[must_use]
    pub fn rendered(&self) -> String {
        self.render(&Renderer::plain())
    }

    /// Each finding with its place in the text, coloured for a terminal.
    #[must_use]
    pub fn coloured(&self) -> String {
        self.render(&Renderer::styled())
    }

    fn render(&self, renderer: &Renderer) -> String {
        let lines = Lines::of(&self.source);
        let blocks = self.findings.iter().map(|finding| {
            let level = match finding.code.severity() {
                Severity::Error => Level::ERROR,
                Severity::Warning => Level::WARNING,
            };
            // the lines concerned alone, since a renderer reads all that it is given
            let span = self.clamped(finding.span);
            let (text, start, line) = lines.around(&span);
            let title = level.primary_title(finding.message.as_str()).id(finding.code.word());
            let mut group: Group<'_> = if text.len() > MAX_SHOWN_LINE {
                let (line, column) = lines.place(span.start);
                title.element(
                    Level::NOTE
                        .message(format!("at {}:{line}:{column}, in a line too long to be shown", self.file)),
                )
            } else {
                let marked = AnnotationKind::Primary.span(span.start - start..span.end - start);
                title.element(Snippet::source(text).line_start(line).path(&*self.file).annotation(marked))
            };
            group = group.element(Level::NOTE.message(finding.code.why()));
            if let Some(help) = &finding.help {
                group = group.element(Level::HELP.message(help.as_str()));
            }
            renderer.render(&[group])
        });
        blocks.collect::<Vec<_>>().join("\n\n")
    }

    fn clamped(&self, span: Span) -> std::ops::Range<usize> {
        let floor = |at: usize| {
            (0..=at.min(self.source.len())).rev().find(|b| self.source.is_char_boundary(*b)).unwrap_or(0)
        };
        let start = floor(span.start);
        start..floor(span.end).max(start)
    }
}
