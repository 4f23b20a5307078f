//! The codes of what can be wrong with a shop's configuration.

jardin_diagnostics::codes! {
    FINISH_READS_PERSON = "finish-reads-person" Error "House rules are laid over every list, also over the one for those who refused everything.",
    UNKNOWN_PLACEMENT = "unknown-placement" Error "What is meant for a place that does not exist is shown nowhere.",
    ALWAYS_CALLED = "always-called" Warning "A plugin may keep what it sees; whether it is called must not tell it what it is not granted, and calling it always costs time.",
    HIDES_UNFILLED = "hides-unfilled" Error "A page that is not filled hides what a plugin leaves out by data that may change the order alone.",
    CONFIDENTIAL_CHOICE = "confidential-choice" Error "Whoever sees which products were chosen by a secret value can find the value out by trying.",
    CONFIDENTIAL_PUBLIC = "confidential-public" Error "What is public is told to every page, and a page keeps no secret.",
    PAID_TWICE = "paid-twice" Error "One of two advertisers would not get the place that they pay for.",
    CAMPAIGN_CONFLICT = "campaign-conflict" Error "Two campaigns of one priority leave open whose setting counts.",
}
