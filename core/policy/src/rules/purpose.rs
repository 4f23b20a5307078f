//! Why data may be used.

use std::sync::Arc;

use jardin_diagnostics::Span;

use super::Texts;

/// A purpose by its position in [`super::PolicyRules::purposes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PurposeId(pub usize);

/// The legal ground of a purpose (GDPR Art. 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// No data about a person is read.
    NothingRead,
    /// Art. 6(1)(f).
    LegitimateInterests,
    /// Art. 6(1)(a).
    Consent,
    /// Art. 6(1)(b).
    Contract,
    /// Art. 6(1)(c).
    LegalObligation,
}

impl Basis {
    /// Every basis.
    pub(crate) const ALL: [Self; 5] =
        [Self::NothingRead, Self::LegitimateInterests, Self::Consent, Self::Contract, Self::LegalObligation];

    /// True for what no list of products can rest on: an order is delivered, and a law obeyed, without one (EDPB
    /// Guidelines 2/2019, no. 57).
    pub(crate) const fn bears_no_list(self) -> bool {
        matches!(self, Self::Contract | Self::LegalObligation)
    }

    /// The words of a policy for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NothingRead => "nothing about a person is read",
            Self::LegitimateInterests => "legitimate interests",
            Self::Consent => "consent",
            Self::Contract => "contract",
            Self::LegalObligation => "legal obligation",
        }
    }
}

/// What stops a purpose beside a missing consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StopSignal {
    /// The person objected (GDPR Art. 21).
    Objection,
    /// The browser sends `Sec-GPC: 1`.
    GlobalPrivacyControl,
}

impl StopSignal {
    /// The words of a policy for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::GlobalPrivacyControl => "global privacy control",
        }
    }
}

/// One purpose.
#[derive(Debug, Clone)]
pub struct PurposeRule {
    /// Its name.
    pub name: Arc<str>,
    /// What shoppers are told.
    pub says: Texts,
    /// Whether it evaluates a person (GDPR Art. 4(4)).
    pub profiling: bool,
    /// Why it is no profiling although it reads personal data.
    pub profiling_because: Option<Arc<str>>,
    /// Its legal ground.
    pub basis: Basis,
    /// The interest pursued, for legitimate interests (Art. 13(1)(d)).
    pub interest: Option<Texts>,
    /// The reference of the balancing test.
    pub balance: Option<Arc<str>>,
    /// Numbers of the consents that it needs, all of them.
    pub needs: Vec<usize>,
    /// What is read from the shopper's device: `nothing` or `consent`.
    pub device: Option<Arc<str>>,
    /// What stops it.
    pub stop_if: Vec<StopSignal>,
    /// Where it is declared.
    pub span: Span,
}
