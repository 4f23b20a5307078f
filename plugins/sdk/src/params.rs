//! Settings.

use jardin_abi::{Column, FrameReader};

/// The strategy's settings, as jardin.toml gives them. Tables are flattened: `goes_with.tents`.
#[derive(Debug)]
pub struct Params<'a> {
    columns: Vec<Column<'a>>,
}

impl<'a> Params<'a> {
    /// Under which name the host tells how much memory there is; no setting of a shop has it.
    pub(crate) const MEMORY: &'static str = "host.memory_bytes";

    pub(crate) fn new(frame: &FrameReader<'a>) -> Self {
        Self { columns: frame.columns().collect() }
    }

    fn column(&self, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|c| c.name() == name)
    }

    /// How many bytes of memory the plugin may take, the policy's `memory_mb`; without end where the host
    /// does not tell.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.number(Self::MEMORY).map_or(usize::MAX, |bytes| bytes as usize)
    }

    /// A number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<f64> {
        self.column(name)?.number_at(0)
    }

    /// A flag.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.column(name)?.flag_at(0)
    }

    /// A text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.column(name)?.text_at(0)
    }

    /// A list of texts.
    #[must_use]
    pub fn texts(&self, name: &str) -> Option<Vec<&'a str>> {
        Some(self.column(name)?.texts_at(0)?.collect())
    }
}
