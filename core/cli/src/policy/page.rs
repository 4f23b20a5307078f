//! How a page is shown.

use jardin_compliance::Page;
use jardin_policy::{Language, Policy};

use crate::print;

/// How to show a page, and in which of the policy's languages.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct PageArgs {
    /// How to show it
    #[arg(long, value_enum, default_value_t = Look::Text)]
    format: Look,
    /// One of the policy's languages that are written, `en`, `fr` or `de`; its first where none is named
    #[arg(long)]
    language: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Look {
    /// For the terminal
    Text,
    /// For a document
    Markdown,
    /// One file that can be printed
    Html,
    /// For programs
    Json,
}

impl PageArgs {
    /// The language that was asked for, where the policy has it and the tools speak it.
    ///
    /// # Errors
    /// Where it does not: a text for people in another language than they were told in is no proof. Where they do not:
    /// half a page in another language is no page.
    pub(super) fn language(&self, policy: &Policy) -> anyhow::Result<Option<&str>> {
        let known = &policy.rules().languages;
        let Some(asked) = self.language.as_deref() else {
            anyhow::ensure!(
                known.iter().any(|code| Language::is_spoken(code)),
                "headings and sentences are written in `en`, `fr` and `de`, and the policy has none of them; add one to `languages`"
            );
            return Ok(None);
        };
        let listed = || known.iter().map(|l| format!("`{l}`")).collect::<Vec<_>>().join(", ");
        anyhow::ensure!(
            known.iter().any(|l| **l == *asked),
            "the policy has no texts in `{asked}`; it has {}",
            listed()
        );
        anyhow::ensure!(
            Language::is_spoken(asked),
            "headings and sentences are written in `en`, `fr` and `de`, not yet in `{asked}`: only the policy's own texts are; \
             ask for another of {}",
            listed()
        );
        Ok(Some(asked))
    }

    pub(super) fn show(&self, page: &Page) {
        let text = match self.format {
            Look::Text => page.text(),
            Look::Markdown => page.markdown(),
            Look::Html => page.html(),
            Look::Json => page.json(),
        };
        print::line(text.trim_end());
    }
}
