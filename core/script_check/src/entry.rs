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
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Candidates => "candidates",
            Self::Adjust => "adjust",
            Self::Arrange => "arrange",
        }
    }

    /// The function of that name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entry| entry.name() == name)
    }

    /// What its parameters may be bound to.
    #[must_use]
    pub const fn bindings(self) -> &'static [Binding] {
        const CONTEXT: Binding = Binding::Of(Namespace::Context);
        match self {
            Self::Candidates => &[Binding::Sources, CONTEXT, Binding::Params],
            Self::Adjust => &[
                Binding::Item,
                Binding::Of(Namespace::Subject),
                Binding::Of(Namespace::Session),
                CONTEXT,
                Binding::Params,
            ],
            Self::Arrange => &[Binding::Page, Binding::Params],
        }
    }
}

impl Binding {
    /// Every one of them.
    pub const ALL: [Self; 7] = [
        Self::Item,
        Self::Of(Namespace::Subject),
        Self::Of(Namespace::Session),
        Self::Of(Namespace::Context),
        Self::Params,
        Self::Sources,
        Self::Page,
    ];

    /// What a parameter of that name is bound to.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|binding| binding.name() == name)
    }

    /// Which functions may have it, for whoever wrote it in another.
    pub(crate) fn help_elsewhere(self) -> String {
        let homes = Entry::ALL.into_iter().filter(|entry| entry.bindings().contains(&self));
        let homes: Vec<String> = homes.map(|entry| format!("`{}`", entry.name())).collect();
        format!(
            "`{}` is there in {} alone: write this in a function of that name",
            self.name(),
            homes.join(" and ")
        )
    }

    /// The parameter's name.
    #[must_use]
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
