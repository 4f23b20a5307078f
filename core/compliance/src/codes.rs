//! The codes of what the tools of compliance find.

jardin_diagnostics::codes! {
    OVER_GRANT = "over-grant" Warning "Data that is granted and never read is more than the purpose needs (GDPR Art. 5(1)(c)).",
}
