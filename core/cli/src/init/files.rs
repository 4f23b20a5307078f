//! The files of a new shop folder.

use super::{
    fields::ItemFields,
    proposals::propose_guards,
    toml_text::quote_text,
    visit::{FollowedVisit, IDLE, SCRIPT},
};

/// What is said of the shop.
pub(super) struct About {
    pub(super) name: String,
    pub(super) controller: String,
    pub(super) contact: String,
    pub(super) language: String,
    /// The currency of its amounts.
    pub(super) currency: &'static str,
    /// A list that follows a visit, where it was asked for.
    pub(super) visit: Option<FollowedVisit>,
}

/// What shoppers read of a new shop, in the languages that we speak; any other begins in English.
const SPOKEN: [(&str, &str, &str); 3] = [
    ("en", "Show what sells well.", "Our products"),
    ("fr", "Montrer ce qui se vend bien.", "Nos produits"),
    ("de", "Zeigen, was sich gut verkauft.", "Unsere Produkte"),
];

impl About {
    /// What the shop window is for, and what stands above it.
    fn spoken(&self) -> (&'static str, &'static str) {
        let [english, ..] = SPOKEN;
        let own = SPOKEN.into_iter().find(|(code, ..)| *code == self.language).unwrap_or(english);
        (own.1, own.2)
    }
}

/// Each file by its name in the folder.
pub(super) fn write_files(about: &About, items: &ItemFields) -> Vec<(&'static str, String)> {
    let mut files = vec![
        ("policy.toml", policy(about, items)),
        ("jardin.toml", config(about, items)),
        ("scripts/house_rules.rhai", house_rules(items)),
    ];
    files.extend(about.visit.is_some().then(|| ("scripts/this_visit.rhai", SCRIPT.to_owned())));
    files
}

/// A policy that reads nothing about anybody, and so needs no basis, no balance and no question; of a visit only where
/// its controller stated them.
fn policy(about: &About, items: &ItemFields) -> String {
    let granted = granted(items).map(|name| format!(", \"item.{name}\" = \"exact\"")).collect::<String>();
    let compared = compared_fields(items);
    format!(
        "# What data exists, why it may be used, and who may read it: docs/policy.md, key by key docs/policy-reference.md.
language = 1
[policy]
controller = {controller}
contact    = {contact}
languages  = [{language}]
revision   = \"2026-11-28.1\"
time_zone  = \"UTC\"
fallback   = \"popular-now\"
{idle}{page}
# The fields of a product. What is not declared here is dropped before it is stored.
[fields.item]
sku = {{ type = \"id\", class = \"none\", always = true }}
{fields}{guards}
[purposes.shop-window]
says      = {{ {code} = {says} }}
profiling = false
basis     = \"nothing about a person is read\"

[strategies.popular-now]
plugin   = \"popular\"
purpose  = \"shop-window\"
may_read = {{ \"item.sku\" = \"exact\" }}
[strategies.house-rules]
script   = \"house_rules.rhai\"
purpose  = \"shop-window\"
may_read = {{ \"item.sku\" = \"exact\"{granted} }}
{similar}{visit}",
        idle = about.visit.as_ref().map(|_| format!("ends_after_idle = {{ session = \"{IDLE}\" }}\n")).unwrap_or_default(),
        page = if compared.is_empty() { "" } else { PAGE_ITEM },
        similar = similar(&compared),
        visit = about.visit.as_ref().map(|visit| visit.write_policy(&about.language)).unwrap_or_default(),
        controller = quote_text(&about.controller),
        contact = quote_text(&about.contact),
        language = quote_text(&about.language),
        code = about.language,
        says = quote_text(about.spoken().0),
        fields = items.lines(),
        guards = propose_guards(&items.kinds_of_product),
    )
}

/// The fields that the first rule reads, where the catalogue has them.
fn granted(items: &ItemFields) -> impl Iterator<Item = &'static str> + '_ {
    [("category", "text"), ("stock", "number")]
        .into_iter()
        .filter(|(name, kind)| items.has(name, kind))
        .map(|(name, _)| name)
}

/// The page's product, which no list is told apart from the page.
const PAGE_ITEM: &str = "
# What the page says of itself; never stored.
[fields.context]
page_item = { type = \"item\", class = \"none\" }
";

/// The fields by which products are compared, where the catalogue has them.
fn compared_fields(items: &ItemFields) -> Vec<&'static str> {
    let known = [("category", "text"), ("brand", "text"), ("tags", "texts"), ("title", "text")];
    known.into_iter().filter(|(name, kind)| items.has(name, kind)).map(|(name, _)| name).collect()
}

/// A strategy for the page of a product, which knows no person and needs no history.
fn similar(compared: &[&str]) -> String {
    if compared.is_empty() {
        return String::new();
    }
    let granted: String = compared.iter().map(|name| format!(", \"item.{name}\" = \"exact\"")).collect();
    format!(
        "[strategies.similar]
plugin   = \"similar_items\"
purpose  = \"shop-window\"
may_read = {{ \"item.sku\" = \"exact\"{granted}, \"context.page_item\" = \"exact\" }}
"
    )
}

fn config(about: &About, items: &ItemFields) -> String {
    let sellable = if items.has("in_stock", "flag") { "\nsellable  = [\"in_stock\"]" } else { "" };
    format!(
        "# What is shown where, with which settings, and when: docs/merchants.md.
config = 1
[shop]
name      = {name}
currency  = \"{currency}\"
languages = [{language}]{sellable}

{reasons}[placements.home]
title  = {{ {code} = {title} }}
chain  = [{first}\"popular-now\"]
finish = \"house-rules\"
limit  = 12
{product_page}",
        name = quote_text(&about.name),
        currency = about.currency,
        language = quote_text(&about.language),
        code = about.language,
        title = quote_text(about.spoken().1),
        reasons = about.visit.as_ref().map(|_| FollowedVisit::reasons(&about.language)).unwrap_or_default(),
        product_page = if compared_fields(items).is_empty() { "" } else { PRODUCT_PAGE },
        first = about.visit.as_ref().map(|_| "\"this-visit\", ").unwrap_or_default(),
    )
}

/// The page of a product shows what is like it.
const PRODUCT_PAGE: &str = "
[placements.product_page]
chain  = [\"similar\", \"popular-now\"]
finish = \"house-rules\"
limit  = 6
";

/// A rule over what the catalogue has.
fn house_rules(items: &ItemFields) -> String {
    let adjust = if items.has("stock", "number") {
        "fn adjust(item) {\n    if (item.stock ?? 9999.0) < 3 { item.bury(0.5, \"last pieces\"); }\n}\n"
    } else {
        "fn adjust(item) {\n}\n"
    };
    let arrange = if items.has("category", "text") {
        "\nfn arrange(page) {\n    page.max_per(\"category\", 4);\n}\n"
    } else {
        ""
    };
    format!("// Laid over every list of the shop; it reads nobody.\n{adjust}{arrange}")
}
