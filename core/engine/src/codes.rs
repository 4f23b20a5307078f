//! The codes of what can be wrong with a shop's configuration.

jardin_diagnostics::codes! {
    FINISH_READS_PERSON = "finish-reads-person" Error "House rules are laid over every list, also over the one for those who refused everything.",
    UNKNOWN_PLACEMENT = "unknown-placement" Error "What is meant for a place that does not exist is shown nowhere.",
    CAMPAIGN_CONFLICT = "campaign-conflict" Error "Two campaigns of one priority leave open whose setting counts.",
}
