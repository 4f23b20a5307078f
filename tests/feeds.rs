//! Files as shops have them: what they are taken for, what becomes of their rows, and what stays in the store.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use serde_json::{Value, json};

use crate::support::{Server, example, program, shop_window};

/// The fields that every shape of the wine catalogue has.
const FIELDS: &str = r#"
title        = { type = "text",  class = "none" }
brand        = { type = "text",  class = "none" }
category     = { type = "text",  class = "none" }
price        = { type = "money", class = "none", always = true }
in_stock     = { type = "flag",  class = "none" }
availability = { type = "text",  class = "none" }
gtin         = { type = "text",  class = "none" }
image        = { type = "text",  class = "none" }
stock        = { type = "number", class = "none" }
margin       = { type = "money", class = "confidential" }
"#;

const STRATEGIES: &str = r#"
[strategies.popular-now]
plugin = "popular"
purpose = "shop-window"
may_read = { "item.sku" = "exact" }
"#;

const CONFIG: &str = r#"
config = 1
[shop]
name = "The cellar"
currency = "EUR"
languages = ["en"]
[placements.home]
chain = ["popular-now"]
limit = 12
"#;

struct Shop(tempfile::TempDir);

impl Shop {
    /// A shop of its own whose plugins are reviewed.
    fn new() -> Self {
        let shop = Self(tempfile::tempdir().unwrap());
        fs::write(shop.path().join("policy.toml"), shop_window(FIELDS, STRATEGIES)).unwrap();
        fs::write(shop.path().join("jardin.toml"), CONFIG).unwrap();
        assert!(jardin(shop.path(), &["policy", "pin"]).0 == Some(0));
        shop
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Imports a file; what is printed and the exit code.
    fn import(&self, file: &Path, more: &[&str]) -> (Option<i32>, String) {
        let arguments = [&["import", ".", file.to_str().unwrap()][..], more].concat();
        jardin(self.path(), &arguments)
    }

    fn catalogue(&self) -> String {
        let (code, exported) = jardin(self.path(), &["export", ".", "--catalogue"]);
        assert_eq!(code, Some(0), "{exported}");
        exported
    }

    /// The fields of the stored items, by id.
    fn items(&self) -> BTreeMap<String, Value> {
        let item = |line: &str| {
            let item: Value = serde_json::from_str(line).unwrap();
            (item["item_id"].as_str().unwrap().to_owned(), item["fields"].clone())
        };
        self.catalogue().lines().map(item).collect()
    }
}

fn jardin(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = program().current_dir(folder).args(arguments).output().unwrap();
    (status.code(), String::from_utf8_lossy(&[&stdout[..], &stderr[..]].concat()).into_owned())
}

fn feed(name: &str) -> PathBuf {
    example("feeds").join(name)
}

const GOOGLE: &str = "id\ttitle\tlink\tprice\tavailability\n";

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
fn a_row_that_cannot_be_read_is_named_and_costs_no_other() {
    let rows = |rows: &str| {
        format!(
            "{GOOGLE}A\tFirst\thttps://x.example\t1.00 EUR\tin stock\n{rows}\nZ\tLast\thttps://x.example\t2.00 EUR\tin stock\n"
        )
    };
    for (row, said) in [
        (
            "B\tT\tL\t1.299 EUR\tin stock",
            "line 3: B: `price` has more decimals than an amount in EUR has; read `1.299 EUR`",
        ),
        ("B\tT\tL\t5.00 USD\tin stock", "`price` is in USD, and the shop's amounts are in EUR"),
        (
            "B\tT\tL\tfree\tin stock",
            "`price` must be a price, for example \"1299.00 EUR\", or 1.299,00 with --locale de; read `free`",
        ),
        ("B\tT\tL\t-3 EUR\tin stock", "`price` must be a price"),
        (
            "B\tT\tL\t5.00 EUR\tlieferbar",
            "`availability` must be in_stock, out_of_stock, preorder or backorder",
        ),
        ("\tT\tL\t5.00 EUR\tin stock", "line 3: the row has no id"),
        ("B\tT\tL\t5.00 EUR", "line 3: the row has fewer cells than the first line names columns"),
        ("B\t\"T\tL\t5.00 EUR\tin stock", "line 3: a cell begins with a quote that is not closed"),
    ] {
        let shop = Shop::new();
        let file = shop.write("feed.tsv", rows(row));
        let (code, printed) = shop.import(&file, &[]);
        assert!(
            code == Some(1) && printed.contains("1 row is wrong:") && printed.contains(said),
            "{row}: {printed}"
        );
        assert_eq!(shop.items().keys().collect::<Vec<_>>(), ["A", "Z"], "{row}");
    }
}

#[test]
fn a_broken_row_of_each_shape_is_named_by_its_line() {
    for (name, text, line) in [
        (
            "a.csv",
            "Handle,Title,Variant SKU,Variant Price\na,A,A-1,1.00\nb,B,,2.00\nc,C,C-1,3.00\n",
            "line 3: the variant has no SKU",
        ),
        (
            "b.csv",
            "Handle,Title,Variant SKU,Variant Price\na,A,A-1,1.00\nb,\"B\" x,B-1,2.00\nc,C,C-1,3.00\n",
            "line 3: a quote stands within a cell",
        ),
        (
            "c.csv",
            "Type,SKU,Name,Regular price,Parent\nsimple,A-1,A,1.00,\nvariation,B-1,B,2.00,NONE\nsimple,C-1,C,3.00,\n",
            "line 3: the product that `Parent` names",
        ),
        (
            "d.xml",
            "<rss xmlns:g=\"x\"><channel>\n<item><g:id>A-1</g:id><g:price>1 EUR</g:price></item>\n<item><g:id>B-1</g:id><title>a&nbsp;b</title><g:price>1 EUR</g:price></item>\n<item><g:id>C-1</g:id><g:price>3 EUR</g:price></item>\n</channel></rss>",
            "line 3: the product names an entity that is not declared",
        ),
        (
            "e.xml",
            "<feed>\n<entry><id>A-1</id><price>1 EUR</price></entry>\n<entry><id>C-1</id><price>1 EUR</price></entry>\n<entry><id>B-1</wrong></entry>\n<entry><id>D</id></entry></feed>",
            "line 4: the XML is broken here",
        ),
        (
            "f.jsonld",
            "{\"@type\":\"Product\",\"sku\":\"A-1\",\"offers\":{\"price\":1,\"priceCurrency\":\"EUR\"}}\n{\"@type\":\"Product\",\"sku\":\"B-1\",\n{\"@type\":\"Product\",\"sku\":\"C-1\",\"offers\":{\"price\":\"3.00\",\"priceCurrency\":\"EUR\"}}\n",
            "line 2: the JSON ends too early",
        ),
    ] {
        let shop = Shop::new();
        let (code, said) = shop.import(&shop.write(name, text), &[]);
        assert!(code == Some(1) && said.contains("1 row is wrong:") && said.contains(line), "{name}: {said}");
        assert_eq!(shop.items().keys().collect::<Vec<_>>(), ["A-1", "C-1"], "{name}: {said}");
    }
}

#[test]
fn nothing_is_read_where_nothing_can_be_and_a_trial_stores_nothing() {
    let shop = Shop::new();
    let none = shop.write("feed.tsv", format!("{GOOGLE}A\tT\tL\tfree\tin stock\n"));
    assert_eq!(shop.import(&none, &[]).0, Some(2));
    let (code, said) = shop.import(&feed("google.tsv"), &["--dry-run"]);
    assert!(
        code == Some(0) && said.contains("a dry run: nothing is stored") && said.contains("6 new"),
        "{said}"
    );
    assert_eq!(shop.catalogue(), "");
    let (code, said) = shop.import(&feed("google.tsv"), &["--level", "product"]);
    assert!(code == Some(2) && said.contains("leave --level out"), "{said}");
    let (code, said) = shop.import(&feed("google.tsv"), &["--shape", "googel"]);
    assert!(
        code == Some(2) && said.contains("`googel` is not a shape; there are auto, google, shopify"),
        "{said}"
    );
}

#[test]
fn a_mapping_says_what_the_file_does_not() {
    let shop = Shop::new();
    let map = shop.write(
        "map.toml",
        "[columns]\nid = false\nmpn = \"item_id\"\ncost_of_goods_sold = { field = \"margin\", as = \"money\" }\n\"price:CHF\" = false\n[words]\nlieferbar = \"in_stock\"\n",
    );
    let text = "id\tmpn\ttitle\tlink\tprice\tavailability\tcost_of_goods_sold\n1\tM-1\tT\tL\t1.00 EUR\tLieferbar\t0.40 EUR\n2\tM-2\tT\tL\t1.00 CHF\tin stock\tdear\n3\tM-3\tT\tL\t1.00 CHF\tin stock\t0.40 EUR\n";
    let file = shop.write("feed.tsv", text);
    let (code, said) = shop.import(&file, &["--map", map.to_str().unwrap()]);
    // an amount in another currency is left out, and the item refused that needs one
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(
        shop.items()["M-1"],
        json!({"title": "T", "price": "1.00", "in_stock": true, "availability": "in_stock", "margin": "0.40"})
    );
    assert!(said.contains("M-3: `price` is missing"), "{said}");
    // of a secret the shape alone is shown
    assert!(said.contains("M-2: `margin` must be a price") && said.contains("read 4 characters"), "{said}");
    assert!(!said.contains("dear"), "{said}");
}

#[test]
fn a_locale_reads_what_is_doubtful_without_it() {
    let shop = Shop::new();
    let file = shop.write("feed.tsv", format!("{GOOGLE}A\tT\tL\t1.299 EUR\tin stock\n"));
    let (code, said) = shop.import(&file, &[]);
    assert!(
        code == Some(2) && said.contains("line 2: A: `price` has one mark before three digits"),
        "{said}"
    );
    assert_eq!(shop.import(&file, &["--locale", "de"]).0, Some(0));
    assert_eq!(shop.items()["A"]["price"], "1299.00");
}

#[test]
fn a_price_has_the_decimals_of_the_shops_currency_at_every_door() {
    for (currency, price, stored, refused) in [
        ("KWD", "1.299", "1.2990", "1.2995"),
        ("JPY", "1299", "1299.00", "12.50"),
        ("EUR", "12.99", "12.99", "1412.995"),
    ] {
        let shop = Shop::new();
        shop.write("jardin.toml", CONFIG.replace("EUR", currency));
        let rows = format!(
            "{GOOGLE}A\tT\tL\t{price} {currency}\tin stock\nB\tT\tL\t{refused} {currency}\tin stock\n"
        );
        let (code, said) = shop.import(&shop.write("feed.tsv", rows), &[]);
        assert!(code == Some(1) && said.contains("B: `price` has more decimals than"), "{currency}: {said}");
        assert_eq!(shop.items()["A"]["price"], stored, "{said}");
        let own = format!("{{\"item_id\":\"C\",\"fields\":{{\"price\":\"{refused}\"}}}}\n");
        let (code, said) = shop.import(&shop.write("own.jsonl", own), &[]);
        assert!(
            code == Some(2) && said.contains("no more places after a point than its currency has"),
            "{currency}: {said}"
        );
    }
}

#[test]
fn a_feed_that_lacks_much_takes_nothing_away_unless_that_is_said() {
    let shop = Shop::new();
    assert_eq!(shop.import(&feed("google.tsv"), &[]).0, Some(0));
    let text = fs::read_to_string(feed("google.tsv")).unwrap();
    let first = |rows: usize| text.lines().take(rows + 1).map(|line| format!("{line}\n")).collect::<String>();
    let (five, two) = (shop.write("five.tsv", first(5)), shop.write("two.tsv", first(2)));
    let (code, said) = shop.import(&five, &[]);
    assert!(code == Some(0) && said.contains("1 item of the catalogue not in this file: kept"), "{said}");
    let (code, said) = shop.import(&two, &["--replace"]);
    assert!(
        code == Some(1)
            && said.contains("4 items of the catalogue not in this file, more than a third: kept"),
        "{said}"
    );
    assert_eq!(shop.items().len(), 6);
    let unread = shop.write("unread.tsv", format!("{}X\tT\tD\tL\tI\tin stock\tfree\t\t\t\t\n", first(5)));
    let (code, said) = shop.import(&unread, &["--replace"]);
    assert!(code == Some(1) && said.contains("nothing of the catalogue goes"), "{said}");
    assert!(
        shop.import(&five, &["--replace", "--dry-run"])
            .1
            .contains("1 item of the catalogue not in this file: would go")
    );
    assert_eq!(shop.items().len(), 6);
    let (code, said) = shop.import(&five, &["--replace"]);
    assert!(code == Some(0) && said.contains("1 item of the catalogue not in this file: gone"), "{said}");
    assert_eq!(shop.import(&two, &["--replace=all"]).0, Some(0));
    assert_eq!(shop.items().len(), 2);
    assert_eq!(jardin(shop.path(), &["import", ".", "--put-back"]).0, Some(0));
    assert_eq!(shop.items().len(), 5);
}

/// What a file is read as: its events, and why the other rows are none.
fn read_events(name: &str) -> (Vec<Value>, BTreeMap<String, u64>) {
    let opened = jardin_import::open(&feed(name), None).unwrap();
    let mut events = Vec::new();
    let summary = opened.read_rows(&jardin_import::ReadOptions::default(), &mut |batch| {
        events.extend(batch.events);
        Ok(())
    });
    let summary = summary.unwrap();
    assert_eq!(summary.bad, 0, "{:?}", summary.bad_rows);
    (events, summary.set_aside.into_iter().map(|(why, count)| (why.into_owned(), count)).collect())
}

#[test]
fn events_of_google_analytics_are_ours_under_the_visit_they_belong_to() {
    let (mut events, aside) = read_events("ga4.jsonl");
    let ids: Vec<Value> =
        events.iter_mut().map(|event| event.as_object_mut().unwrap().remove("event_id").unwrap()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    assert_eq!(
        events,
        [
            json!({"type": "view_item", "occurred_at": "2026-11-20T10:03:21Z", "session_id": "401.1.1795169000",
                "items": [{"item_id": "00123", "quantity": 1}]}),
            json!({"type": "add_to_cart", "occurred_at": "2026-11-20T10:03:22Z", "session_id": "401.1.1795169000",
                "items": [{"item_id": "00123", "quantity": 2}]}),
            json!({"type": "purchase", "occurred_at": "2026-11-20T10:03:23Z", "session_id": "401.1.1795169000", "subject_id": "c-17",
                "currency": "EUR", "value": "56.8",
                "items": [{"item_id": "00123", "quantity": 2}, {"item_id": "BR-7", "quantity": 1}]}),
            json!({"type": "search", "occurred_at": "2026-11-20T10:03:24Z", "session_id": "402.9.1795169000", "search_term": "rosé"}),
        ]
    );
    let expected = [
        ("an event of a type that is not kept: session_start", 1),
        ("an event of a visitor who denied storage for analytics", 1),
        ("an event that names no product", 1),
    ];
    assert_eq!(aside, expected.map(|(why, count)| (why.to_owned(), count)).into());
}

#[test]
fn calls_of_segment_are_ours_and_say_nothing_of_their_context() {
    let (events, aside) = read_events("segment.jsonl");
    assert_eq!(
        events,
        [
            json!({"event_id": "m-1", "type": "view_item", "occurred_at": "2026-11-20T10:00:01Z", "session_id": "a-1",
                "items": [{"item_id": "00123"}]}),
            json!({"event_id": "m-2", "type": "purchase", "occurred_at": "2026-11-20T10:05:00Z", "session_id": "a-1", "subject_id": "c-17",
                "currency": "EUR", "value": "56.8",
                "items": [{"item_id": "00123", "quantity": 2}, {"item_id": "BR-7", "quantity": 1}]}),
        ]
    );
    let expected =
        [("a call that is not `track`", 2), ("an event of a type that is not kept: Video Played", 1)];
    assert_eq!(aside, expected.map(|(why, count)| (why.to_owned(), count)).into());
}

#[test]
fn the_second_set_of_online_retail_is_read_as_the_first() {
    let (events, aside) = read_events("online_retail_ii.csv");
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0]["items"],
        json!([{"item_id": "85048", "quantity": 12}, {"item_id": "79323P", "quantity": 12}])
    );
    assert_eq!((&events[0]["subject_id"], &aside["cancellations"]), (&json!("13085"), &1));
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

#[test]
fn a_shop_made_of_each_feed_is_checked_and_answers_without_a_history() {
    for (name, more, category) in [
        ("google.tsv", &[][..], "Wine > Kosher"),
        ("google_atom.xml", &[], "Wine > Kosher"),
        ("products.jsonld", &[], "Wine > Kosher"),
        ("woocommerce.csv", &["--currency", "EUR"], ""),
        ("shopify.csv", &["--currency", "CHF", "--level", "product"], ""),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shop = folder.path().join("my-shop");
        let file = feed(name);
        let arguments = [
            &[
                "init",
                "my-shop",
                "--controller",
                "The cellar, Beaune",
                "--contact",
                "privacy@wines.example",
                "--from",
                file.to_str().unwrap(),
            ],
            more,
        ]
        .concat();
        let (code, said) = jardin(folder.path(), &arguments);
        assert_eq!(code, Some(0), "{name}: {said}");
        assert_eq!(jardin(&shop, &["policy", "pin"]).0, Some(0));
        let (code, checked) = jardin(&shop, &["check", ".", "--strict"]);
        assert_eq!(code, Some(0), "{name}: {checked}");
        let policy = fs::read_to_string(shop.join("policy.toml")).unwrap();
        assert_eq!(
            policy.contains("# items = { \"item.category\" = [\"Wine > Kosher\"] }"),
            !category.is_empty(),
            "{policy}"
        );
        assert!(!policy.lines().any(|line| line.starts_with("[never]")), "{policy}");
        let server = Server::serve(&shop, &shop.join("data"));
        let home = server.client.recommend(&json!({"placement": "home", "session_id": "s"})).items();
        let page = json!({"placement": "product_page", "session_id": "s", "context": {"page_item": home[0]}});
        assert!(home.len() >= 2 && !server.client.recommend(&page).items().is_empty(), "{name}");
    }
}

#[test]
fn what_is_proposed_for_never_is_a_policy_once_its_marks_are_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let file = feed("google.tsv");
    assert_eq!(jardin(folder.path(), &["init", "s", "--yes", "--from", file.to_str().unwrap()]).0, Some(0));
    let shop = folder.path().join("s");
    let policy = fs::read_to_string(shop.join("policy.toml")).unwrap();
    let decided = policy.replace("# [never]", "[never]").replace("# items =", "items =");
    assert_ne!(policy, decided);
    fs::write(shop.join("policy.toml"), decided).unwrap();
    assert_eq!(jardin(&shop, &["policy", "pin"]).0, Some(0));
    let (code, checked) = jardin(&shop, &["check"]);
    assert!(code == Some(0) && checked.contains("0 errors"), "{checked}");
}

#[test]
fn a_shop_is_not_given_a_currency_that_nobody_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = feed("shopify.csv");
    let (code, said) = jardin(folder.path(), &["init", "s", "--yes", "--from", file.to_str().unwrap()]);
    assert!(code == Some(2) && said.contains("for example --currency EUR"), "{said}");
    assert!(!folder.path().join("s").exists());
}

#[test]
fn each_command_of_the_page_reads_its_example_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/feeds.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("examples"), folder.path().join("examples")).unwrap();
    let commands: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("$ jardin ")).collect();
    for command in &commands {
        let (code, said) = jardin(folder.path(), &command.split(' ').collect::<Vec<_>>());
        assert!(code == Some(0) && said.contains("taken for "), "{command}: {said}");
    }
    for entry in fs::read_dir(root.join("examples/feeds")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            commands.iter().any(|command| command.contains(&name)),
            "`{name}` is read by no command of the page"
        );
    }
}
