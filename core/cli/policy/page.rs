//! How a page is shown.

use jardin_policy::tools::Page;

use crate::cli::print;

/// How to show a page, and in which of the policy's languages.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct PageArgs {
    /// How to show it
    #[arg(long, value_enum, default_value_t = Look::Text)]
    format: Look,
    /// One of the policy's languages; its first where none is named
    #[arg(long)]
    pub(super) language: Option<String>,
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
