//! Items that nobody has touched yet, over HTTP: added a second ago they are recommended, sold out they are
//! not, from the next answer on.

use serde_json::{Value, json};

use crate::support::{Client, Server, copy_folder, example, program};

fn fields(in_stock: bool) -> Value {
    json!({"fields": {"sku": "TEN-NEW", "category": "tents", "brand": "Nordhang", "title_fr": "Tente Aurore pour deux", "title_en": "Aurora tent for two",
        "price": "199.00", "in_stock": in_stock, "stock": if in_stock { 40 } else { 0 }, "online_since": "2026-11-20"}})
}

fn list(client: &Client, placement: &str, page: Option<&str>) -> Vec<String> {
    let context = page.map_or_else(|| json!({}), |page| json!({"page_item": page}));
    client.recommend(&json!({"placement": placement, "context": context, "limit": 12})).items()
}

#[test]
fn an_item_is_shown_a_second_after_it_came_and_not_once_it_is_sold_out() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    copy_folder(&example("shop"), &shop);
    assert!(program().args(["policy", "pin"]).arg(&shop).output().unwrap().status.success());
    assert!(
        program().arg("import").arg(&shop).arg(shop.join("items.jsonl")).output().unwrap().status.success()
    );
    let server = Server::serve_at(&shop, &shop.join("data"), "2026-11-20T12:00:00Z", 1);
    let client = &server.client;
    let has = |placement, page| list(client, placement, page).iter().any(|item| item == "TEN-NEW");
    assert!(!has("new_in", None));
    client.put("/v1/items/TEN-NEW", &fields(true)).expect(200);
    assert!(has("new_in", None), "{:?}", list(client, "new_in", None));
    // its own page has its like, and it is the like of another: who resembles it most by what it says
    let alike = list(client, "also_viewed", Some("TEN-NEW"));
    assert!(alike.iter().filter(|item| item.starts_with("TEN-")).count() >= 3, "{alike:?}");
    let twin = json!({"fields": {"sku": "TEN-TWIN", "category": "tents", "brand": "Nordhang", "title_fr": "Tente Aurore pour trois",
        "title_en": "Aurora tent for three", "price": "249.00", "in_stock": true, "stock": 9, "online_since": "2026-11-20"}});
    client.put("/v1/items/TEN-TWIN", &twin).expect(200);
    assert_eq!(list(client, "also_viewed", Some("TEN-TWIN"))[0], "TEN-NEW");

    client.put("/v1/items/TEN-NEW", &fields(false)).expect(200);
    for (placement, page) in [
        ("new_in", None),
        ("in_demand", None),
        ("home", None),
        ("also_viewed", Some("TEN-TWIN")),
        ("product_page", Some("TEN-TWIN")),
    ] {
        assert!(!has(placement, page), "{placement}: sold out");
    }
    client.put("/v1/items/TEN-NEW", &fields(true)).expect(200);
    assert!(has("new_in", None) && has("also_viewed", Some("TEN-TWIN")), "it is back");
}
