//! Settings.

use jardin_abi::{Column, FrameReader};

/// Of how many people what is shown must be, and how often one of them counts. A session of nobody known counts as a
/// person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeopleRule {
    /// What fewer people did is not shown; at least 1.
    pub at_least: usize,
    /// How often one person counts at most, at least 1.
    pub a_person_counts: usize,
}

impl Default for PeopleRule {
    /// Whatever one person did is shown, and each counts as often as they come.
    fn default() -> Self {
        Self { at_least: 1, a_person_counts: usize::MAX }
    }
}

/// The strategy's settings, as jardin.toml gives them. Tables are flattened: `goes_with.tents`.
#[derive(Debug)]
pub struct Params<'a> {
    columns: Vec<Column<'a>>,
}

impl<'a> Params<'a> {
    /// Under which name the host tells how much memory there is; no setting of a shop has it.
    pub(crate) const MEMORY: &'static str = "host.memory_bytes";
    /// Under which names the host tells how people are counted.
    const AT_LEAST_PEOPLE: &'static str = "host.at_least_people";
    const A_PERSON_COUNTS: &'static str = "host.a_person_counts";

    pub(crate) fn new(frame: &FrameReader<'a>) -> Self {
        Self { columns: frame.columns().collect() }
    }

    /// How the shop counts people; each session as one person where the host does not tell.
    #[must_use]
    pub fn people_rule(&self) -> PeopleRule {
        let number = |name| self.number(name).map(|number| number as usize);
        let PeopleRule { at_least, a_person_counts } = PeopleRule::default();
        PeopleRule {
            at_least: number(Self::AT_LEAST_PEOPLE).unwrap_or(at_least),
            a_person_counts: number(Self::A_PERSON_COUNTS).unwrap_or(a_person_counts),
        }
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
