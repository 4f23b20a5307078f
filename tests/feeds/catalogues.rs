//! Catalogues: whatever their form, the same store.

use std::{fs, process::Stdio};

use serde_json::{Value, json};

use super::{Shop, feed, jardin};
use crate::support::program;

#[test]
fn one_catalogue_in_five_formats_is_the_same_store() {
    let catalogues = ["google.tsv", "google_rss.xml", "google_atom.xml", "products.jsonld", "items.jsonl"]
        .map(|name| {
            let shop = Shop::new();
            let (code, said) = shop.import(&feed(name), &[]);
            assert!(code == Some(0) && said.contains("6 new, 0 changed"), "{name}: {said}");
            shop.catalogue()
        });
    assert_eq!(catalogues[0].lines().count(), 6);
    assert!(catalogues.iter().all(|catalogue| *catalogue == catalogues[0]), "{catalogues:#?}");
    let own = fs::read_to_string(feed("items.jsonl")).unwrap();
    let mut own: Vec<Value> = own.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    own.sort_by_key(|item| item["item_id"].as_str().unwrap().to_owned());
    let stored: Vec<Value> = catalogues[0].lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(stored, own);
}

#[test]
fn what_is_exported_is_imported_again_without_a_change() {
    let shop = Shop::new();
    assert_eq!(shop.import(&feed("google.tsv"), &[]).0, Some(0));
    let (code, said) = shop.import(&feed("google_rss.xml"), &[]);
    assert!(code == Some(0) && said.contains("0 new, 0 changed, 6 as before"), "{said}");
    let copy = shop.write("copy.jsonl", shop.catalogue());
    assert!(shop.import(&copy, &[]).1.contains("0 new, 0 changed, 6 as before"));
    let (_, table) = jardin(shop.path(), &["export", ".", "--catalogue", "--csv"]);
    assert!(
        table.starts_with("item_id,availability,brand,category,gtin,image,in_stock,price,title\n00123,"),
        "{table}"
    );
    assert!(table.contains("\"Brut \"\"Nature\"\"\""), "{table}");
}

#[test]
fn variants_of_a_shopify_export_are_items_or_their_products_are() {
    let shop = Shop::new();
    let (code, said) = shop.import(&feed("shopify.csv"), &[]);
    assert_eq!(code, Some(0), "{said}");
    let items = shop.items();
    assert_eq!(items.keys().collect::<Vec<_>>(), ["APR-L", "APR-M", "APR-S", "CORK"], "{said}");
    assert_eq!(
        items["APR-M"],
        json!({"title": "Cellar apron", "brand": "Aubrac", "category": "Apparel & Accessories > Clothing", "price": "39.00",
            "in_stock": false, "stock": 0.0, "gtin": "0098765432116", "image": "https://wines.example/i/apron-1.jpg"})
    );
    // sold without stock, and not counted
    assert_eq!((&items["APR-L"]["in_stock"], &items["CORK"]["in_stock"]), (&json!(true), &json!(true)));
    let shop = Shop::new();
    assert_eq!(shop.import(&feed("shopify.csv"), &["--level", "product"]).0, Some(0));
    assert_eq!(shop.items().keys().collect::<Vec<_>>(), ["apron", "corkscrew"]);
}

#[test]
fn variants_of_a_woocommerce_export_have_what_their_product_says() {
    let shop = Shop::new();
    let (code, said) = shop.import(&feed("woocommerce.csv"), &[]);
    assert!(code == Some(0) && said.contains("money with a decimal comma"), "{said}");
    let items = shop.items();
    assert_eq!(items.len(), 8, "{said}");
    assert_eq!(
        items["GLASS-35"],
        json!({"title": "Tasting glass - 35 cl", "brand": "Aubrac", "category": "Glasses > Tasting", "price": "5.50",
            "in_stock": false, "availability": "out_of_stock", "stock": 0.0, "image": "https://wines.example/i/GLASS.jpg"})
    );
    assert_eq!(items["MINUS"]["title"], "-18 °C sleeve");
    let shop = Shop::new();
    assert_eq!(shop.import(&feed("woocommerce.csv"), &["--level", "product"]).0, Some(0));
    assert_eq!(shop.items()["GLASS"]["price"], "4.50");
}

#[test]
fn a_stream_is_read_packed_or_not() {
    let shop = Shop::new();
    let mut child = program()
        .args(["import", ".", "-"])
        .current_dir(shop.path())
        .stdin(fs::File::open(feed("google_rss.xml")).unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(shop.items().len(), 6);
}
