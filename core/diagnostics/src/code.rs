//! Codes: stable words that a person can look up and a machine can match.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file is refused.
    Error,
    /// The file is taken; somebody should look.
    Warning,
}

impl Severity {
    /// Its word, in JSON and SARIF alike.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A diagnostic code. Each package lists its own ([`codes!`](crate::codes!)); a word belongs to one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    word: &'static str,
    severity: Severity,
    why: &'static str,
}

impl Code {
    /// A code of a list: see [`codes!`](crate::codes!).
    #[must_use]
    pub const fn new(word: &'static str, severity: Severity, why: &'static str) -> Self {
        Self { word, severity, why }
    }

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.word
    }

    /// How grave it is.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.severity
    }

    /// Why it matters.
    #[must_use]
    pub const fn why(self) -> &'static str {
        self.why
    }
}

/// The codes of a package: a constant each, and `ALL` of them in the order of the list.
///
/// ```
/// mod codes {
///     jardin_diagnostics::codes! {
///         ROUND_SQUARE = "round-square" Error "A square has corners.",
///     }
/// }
/// assert_eq!(codes::ALL, [codes::ROUND_SQUARE]);
/// assert_eq!(codes::ROUND_SQUARE.word(), "round-square");
/// ```
#[macro_export]
macro_rules! codes {
    ($($name:ident = $word:literal $severity:ident $why:literal,)*) => {
        $(
            #[doc = $why]
            pub const $name: $crate::Code = $crate::Code::new($word, $crate::Severity::$severity, $why);
        )*

        /// Every code of the list.
        pub const ALL: &[$crate::Code] = &[$($name,)*];
    };
}
