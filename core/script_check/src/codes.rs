//! The codes of what can be wrong with a script.

jardin_diagnostics::codes! {
    SCRIPT_SYNTAX = "script-syntax" Error "A script that cannot be read cannot run.",
    SCRIPT_LIMIT = "script-limit" Error "A script larger than rules need to be cannot be proved or would take too long.",
    FIELD_NOT_GRANTED = "field-not-granted" Error "A script reads what its strategy is granted, and nothing else.",
    WHOLE_OBJECT = "whole-object" Error "Only fields read by name can be proved to be granted.",
    DYNAMIC_FIELD = "dynamic-field" Error "A field chosen while the rule runs cannot be proved to be granted.",
    NOT_IN_SCRIPTS = "not-in-scripts" Error "Scripts hold rules; what could run other code or hide a read is left out of the language.",
    MAY_BE_ABSENT = "may-be-absent" Error "A product or person without the value would pass or fail the rule by accident.",
    TYPE_MISMATCH = "type-mismatch" Error "A rule over values of two types fails on every product, or never holds.",
    UNDECLARED_CHOICE = "undeclared-choice" Error "A comparison with what a field never is never holds.",
    TEXT_IN_TEXT = "text-in-text" Warning "`in` between two texts looks for a part of a text, and a part of a word fits as well.",
    OUT_OF_RANGE = "out-of-range" Error "A value outside of its range would do nothing, or too much.",
    NOT_CONSTANT = "not-constant" Error "A computed text or value could carry what is known of a shopper to where it may not go.",
    HIDES_BY_ORDER = "hides-by-order" Error "A field that may change the order alone would decide what somebody is not shown.",
    UNDECLARED_REASON = "undeclared-reason" Error "Shoppers are told declared reasons only.",
    UNKNOWN_SOURCE = "unknown-source" Error "A script builds on the lists of strategies that it may ask.",
    UNKNOWN_FUNCTION = "unknown-function" Error "A rule that calls what does not exist fails on every product.",
    WRONG_SIGNATURE = "wrong-signature" Error "The functions of a script are found by their names and those of their parameters.",
    NEVER_CALLED = "never-called" Warning "A rule that nothing calls does nothing.",
    UNKNOWN_SETTING = "unknown-setting" Warning "A setting that does not exist is `()`, and the rule does not what it seems to.",
}
