//! How a page is shown.

use jardin_compliance::Page;
use jardin_policy::Policy;

use crate::print;

/// How to show a page, and in which of the policy's languages.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct PageArgs {
    /// How to show it
    #[arg(long, value_enum, default_value_t = Look::Text)]
    format: Look,
    /// One of the policy's languages; its first where none is named
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
    /// The language that was asked for, where the policy has it.
    ///
    /// # Errors
    /// Where it does not: a text for people in another language than they were told in is no proof.
    pub(super) fn language(&self, policy: &Policy) -> anyhow::Result<Option<&str>> {
        let Some(asked) = self.language.as_deref() else {
            return Ok(None);
        };
        let known = &policy.rules().languages;
        let listed = || known.iter().map(|l| format!("`{l}`")).collect::<Vec<_>>().join(", ");
        anyhow::ensure!(
            known.iter().any(|l| **l == *asked),
            "the policy has no texts in `{asked}`; it has {}",
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
