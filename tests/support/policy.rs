//! A policy for tests whose question is not the policy.

/// A shop window that reads nothing about a person: more item fields than `sku`, and its strategies,
/// `popular-now` among them.
pub fn shop_window(fields: &str, strategies: &str) -> String {
    format!("{HEAD}{fields}{PURPOSE}{strategies}")
}

const HEAD: &str = r#"
language = 1
[policy]
controller = "A shop"
contact = "privacy@shop.example"
languages = ["en"]
revision = "2026-11-20.1"
time_zone = "UTC"
fallback = "popular-now"
[fields.item]
sku = { type = "id", class = "none", always = true }
"#;

const PURPOSE: &str = r#"
[purposes.shop-window]
says = { en = "Show what sells well." }
profiling = false
basis = "nothing about a person is read"
"#;
