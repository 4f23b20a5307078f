//! Three rules of rising size, as a merchant would write them.

/// A finish: three conditions.
pub(crate) const SMALL: &str = r#"fn adjust(item, params) {
    if item.stock == () || item.stock <= 0 { item.drop("sold out"); return; }
    if item.brand in params.hidden { item.drop("brand withdrawn"); return; }
    if item.stock < params.last_pieces { item.bury(0.8, "last pieces"); }
}"#;

/// A stock filter, five conditional factors, a set and two tags.
pub(crate) const MIDDLE: &str = r#"fn adjust(item, subject, context, params) {
    if item.stock == () || item.stock <= 0 { item.drop("sold out"); return; }
    if item.category in params.liked { item.boost(1.2, "liked"); }
    if params.bargains && item.price < 30 { item.boost(1.15, "cheap"); }
    if (item.margin ?? 0.0) > 0.35 { item.boost(1.1, "margin"); }
    if "clearance" in item.tags { item.bury(0.7, "clearance"); }
    if context.region == "corse" && item.price > 200 { item.bury(0.9, "dear to ship"); }
    if "evening" in item.tags { item.boost(1.05, "evening"); }
}"#;

/// A page's companions: locals, a function, early returns, the page's product, tables of the settings,
/// `switch`, computed factors.
pub(crate) const LARGE: &str = r#"fn days_of_stock(item, params) {
    if item.stock == () { return 0.0; }
    item.stock / max(item.sales_per_day ?? 0.1, params.least_sales)
}
fn adjust(item, context, params) {
    let here = context.page_item;
    if item.stock == () || item.stock <= 0 { item.drop("sold out"); return; }
    if item.brand in (params.competitors[here.brand ?? ""] ?? []) { item.drop("competitor"); return; }
    if item.category == here.category { item.bury(0.4, "a rival"); }
    else if item.category in (params.goes_with[here.category ?? ""] ?? []) { item.boost(1.4, "companion"); item.say("goes_with"); }
    let usual = here.price ?? item.price;
    let ratio = item.price / usual;
    if ratio > 1.5 { item.bury(0.7, "much dearer"); }
    else if ratio > 0.1 && ratio < 0.8 { item.boost(1 + (1 - ratio) / 2, "cheaper by so much"); }
    let left = days_of_stock(item, params);
    if left > 180 { item.boost(1.5, "over 180 days of stock"); }
    else if left > 90 { item.boost(1.2, "over 90 days of stock"); }
    else if left < 14 { item.bury(0.9, "sells by itself"); }
    switch item.collection ?? "none" {
        "new" => item.boost(1.3, "new collection"),
        "old" if params.clears => item.boost(1.1, "old collection"),
        "none" => item.bury(0.95, "of no collection"),
        _ => ()
    }
    let wanted = "evening" in item.tags || (item.margin ?? 0.0) > 0.35;
    if wanted && !("clearance" in item.tags) { item.boost(1.05, "wanted"); }
    if context.region == "corse" && item.price > 200 { item.bury(0.9, "dear to ship"); }
}"#;
