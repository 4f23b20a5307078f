//! The codes that any text can have.

crate::codes! {
    SYNTAX = "syntax" Error "A file that is not valid TOML cannot say what it permits.",
    UNKNOWN_KEY = "unknown-key" Error "A key that the language does not know would be a promise without effect.",
    MISSING_KEY = "missing-key" Error "Without it the policy leaves open what it must say.",
    WRONG_TYPE = "wrong-type" Error "A value of another kind could be read in two ways.",
    INVALID_VALUE = "invalid-value" Error "The language is a closed vocabulary, so that what it permits can be listed.",
    UNSUPPORTED_LANGUAGE = "unsupported-language" Error "An engine that does not know the language version could misread it.",
    NOT_ENFORCED_YET = "not-enforced-yet" Warning "This engine reads the key and does not enforce it yet.",
}
