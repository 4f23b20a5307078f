//! The three functions of a script: their parameters bind by name.

use jardin_model::Namespace;

/// One of the three functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Which lists it builds on.
    Candidates,
    /// What it does to each candidate.
    Adjust,
    /// How it arranges the page.
    Arrange,
}

/// What a parameter is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// The candidate.
    Item,
    /// Fields of a namespace.
    Of(Namespace),
    /// The settings.
    Params,
    /// The lists that may be asked.
    Sources,
    /// The page.
    Page,
}

impl Entry {
    /// All of them, in the order in which they run.
    pub const ALL: [Self; 3] = [Self::Candidates, Self::Adjust, Self::Arrange];

    /// Its name in a script.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Candidates => "candidates",
            Self::Adjust => "adjust",
            Self::Arrange => "arrange",
        }
    }

    /// What its parameters may be called.
    pub const fn params(self) -> &'static [&'static str] {
        match self {
            Self::Candidates => &["sources", "context", "params"],
            Self::Adjust => &["item", "subject", "session", "context", "params"],
            Self::Arrange => &["page", "params"],
        }
    }
}

impl Binding {
    /// What a parameter of that name is bound to.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "item" => Self::Item,
            "params" => Self::Params,
            "sources" => Self::Sources,
            "page" => Self::Page,
            _ => Self::Of(
                Namespace::from_word(name).filter(|n| *n != Namespace::Item && *n != Namespace::Event)?,
            ),
        })
    }

    /// The parameter's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Of(namespace) => namespace.word(),
            Self::Params => "params",
            Self::Sources => "sources",
            Self::Page => "page",
        }
    }
}
