//! The list of diagnostic codes: stable words that a person can look up and a machine can match.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The file is refused.
    Error,
    /// The file is taken; somebody should look.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal $severity:ident $why:literal,)*) => {
        /// A diagnostic code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $why] $name,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its stable word.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// How grave it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Why it matters.
            #[must_use]
            pub const fn why(self) -> &'static str {
                match self { $(Self::$name => $why,)* }
            }
        }
    };
}

codes! {
    Syntax = "syntax" Error "A file that is not rules TOML cannot say what it permits.",
    UnknownKey = "unknown-key" Error "A key that the language does not know would be a promise without effect.",
    MissingKey = "missing-key" Error "Without it the policy leaves open what it must say.",
    WrongType = "wrong-type" Error "A value of another kind could be read in two ways.",
    InvalidValue = "invalid-value" Error "The language is a closed vocabulary, so that what it permits can be listed.",
    UnsupportedLanguage = "unsupported-language" Error "An engine that does not know the language version could misread it.",
    UnknownField = "unknown-field" Error "A grant of a field that is not declared grants nothing, or the wrong thing once somebody declares it.",
    UnknownPurpose = "unknown-purpose" Error "Data may be used for a declared purpose only (GDPR Art. 5(1)(b)).",
    UnknownConsent = "unknown-consent" Error "A purpose that rests on a question that nobody asks can never run lawfully.",
    UnknownStrategy = "unknown-strategy" Error "A rule for a strategy that does not exist protects nothing.",
    UnknownGroup = "unknown-group" Error "A grant of a group that is not declared grants nothing.",
    UnknownVendor = "unknown-vendor" Error "Who supplies a strategy must be on record.",
    UnknownTransform = "unknown-transform" Error "A form that the engine cannot make would leave the field in the clear or absent.",
    TransformMismatch = "transform-mismatch" Error "A transform that does not fit the field's type gives nothing.",
    NeverDeclared = "never-declared" Error "What is under [never] may not even be declared.",
    SpecialClass = "special-class" Error "Data of GDPR Art. 9 is not processed by this engine at all.",
    DuplicateGrant = "duplicate-grant" Error "Two grants of one field leave open which form counts.",
    FallbackReadsPerson = "fallback-reads-person" Error "The fallback serves those who refused everything; it may read nothing about a person or a visit.",
    PersonalWithoutBasis = "personal-without-basis" Error "A purpose said to read nothing about a person is granted a personal field.",
    ProfilingUnstated = "profiling-unstated" Error "Whether personal data is used to evaluate a person must be stated, never inferred (GDPR Art. 4(4)).",
    MissingBalance = "missing-balance" Error "Legitimate interests need an interest told to people and a balancing test on record (GDPR Art. 6(1)(f), 13(1)(d)).",
    MissingText = "missing-text" Error "Every text for shoppers must exist in each of the policy's languages.",
    AskCycle = "ask-cycle" Error "Strategies that ask each other in a circle never end.",
    AsksProfiling = "asks-profiling" Error "A list made by profiling would be used for a purpose that does not profile.",
    AsksPersonal = "asks-personal" Warning "A list that builds on lists about people depends on them, whatever its purpose tells people.",
    ReservedName = "reserved-name" Error "Scripts could not read a field of that name.",
    NameCollision = "name-collision" Error "Two names that scripts cannot tell apart.",
    StopNamesFallback = "stop-names-fallback" Error "The fallback ends every chain and cannot be switched off.",
    FinishReadsPerson = "finish-reads-person" Error "House rules are laid over every list, also over the one for those who refused everything.",
    UnknownPlacement = "unknown-placement" Error "What is meant for a place that does not exist is shown nowhere.",
    CampaignConflict = "campaign-conflict" Error "Two campaigns of one priority leave open whose setting counts.",
    TestFailed = "test-failed" Error "The policy does not do what its own test says.",
    ScriptSyntax = "script-syntax" Error "A script that cannot be read cannot run.",
    ScriptLimit = "script-limit" Error "A script larger than rules need to be cannot be proved or would take too long.",
    FieldNotGranted = "field-not-granted" Error "A script reads what its strategy is granted, and nothing else.",
    WholeObject = "whole-object" Error "Only fields read by name can be proved to be granted.",
    DynamicField = "dynamic-field" Error "A field chosen while the rule runs cannot be proved to be granted.",
    NotInScripts = "not-in-scripts" Error "Scripts hold rules; what could run other code or hide a read is left out of the language.",
    MayBeAbsent = "may-be-absent" Error "A product or person without the value would pass or fail the rule by accident.",
    OutOfRange = "out-of-range" Error "A value outside of its range would do nothing, or too much.",
    NotConstant = "not-constant" Error "A computed text or value could carry what is known of a shopper to where it may not go.",
    UndeclaredReason = "undeclared-reason" Error "Shoppers are told declared reasons only.",
    UnknownSource = "unknown-source" Error "A script builds on the lists of strategies that it may ask.",
    UnknownFunction = "unknown-function" Error "A rule that calls what does not exist fails on every product.",
    WrongSignature = "wrong-signature" Error "The functions of a script are found by their names and those of their parameters.",
    NeverCalled = "never-called" Warning "A rule that nothing calls does nothing.",
    UnknownSetting = "unknown-setting" Warning "A setting that does not exist is `()`, and the rule does not what it seems to.",
    UnusedField = "unused-field" Warning "A field that nobody is granted need not be collected (GDPR Art. 5(1)(c)).",
    OverGrant = "over-grant" Warning "Data that is granted and never read is more than the purpose needs (GDPR Art. 5(1)(c)).",
    NotEnforcedYet = "not-enforced-yet" Warning "This engine reads the key and does not enforce it yet.",
    UnknownAgeAdult = "unknown-age-adult" Warning "Most visitors never tell their age; treating them as adults is the looser choice.",
    MissingDpia = "missing-dpia" Warning "Profiling calls for an impact assessment, or for the reason why none is needed (GDPR Art. 35).",
    ReviewOverdue = "review-overdue" Warning "The date set for the review has passed.",
    AdvisoryGrants = "advisory-grants" Warning "Without the sandbox nothing but the vendor's promise holds a plugin to its grants.",
    NotPinned = "not-pinned" Warning "A plugin that nobody reviewed does not run.",
}

impl Code {
    /// The code of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.word() == word)
    }
}
