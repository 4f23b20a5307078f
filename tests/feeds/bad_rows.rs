//! Rows that cannot be read, and what says how they are to be.

use serde_json::json;

use super::{CONFIG, GOOGLE, Shop, feed};

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
    assert_eq!(shop.import(&none, &[]).0, Some(1));
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
        code == Some(1) && said.contains("line 2: A: `price` has one mark before three digits"),
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
            code == Some(1) && said.contains("no more places after a point than its currency has"),
            "{currency}: {said}"
        );
    }
}
