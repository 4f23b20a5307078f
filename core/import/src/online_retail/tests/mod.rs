mod real_set;

use proptest::prelude::*;
use serde_json::json;

use super::*;

const HEAD: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

fn read_bytes(bytes: &[u8]) -> (Summary, Batch) {
    let mut all = Batch::default();
    let summary = online_retail(bytes, &mut |batch| {
        assert_eq!(batch.events.len(), batch.lines.len());
        all.items.extend(batch.items);
        all.events.extend(batch.events);
        all.lines.extend(batch.lines);
        Ok(())
    });
    (summary.unwrap(), all)
}

fn read(rows: &str) -> (Summary, Batch) {
    read_bytes(format!("{HEAD}{rows}").as_bytes())
}

/// Like a row of the set, of a made-up shop.
fn row(invoice: &str, stock: &str, quantity: &str, at: &str, price: &str, customer: &str) -> String {
    format!("{invoice},{stock},LAMP,{quantity},{at},{price},{customer},France\n")
}

fn sold(invoice: &str, stock: &str) -> String {
    row(invoice, stock, "2", "2011-07-01 09:30:00", "1.25", "901.0")
}

#[test]
fn an_invoice_is_one_purchase_with_each_product_once() {
    let (summary, batch) = read(
        "7001,10002,\"LAMP, RED\",2,2011-07-01 09:30:00,1.25,901.0,France\n\
         7001,10003a,BOX,1,2011-07-01 09:30:00,0.5,901.0,France\n\
         7001,10002,\"LAMP, RED\",3,2011-07-01 09:31:00,1.25,901.0,France\n\
         7002,10003A,\"BOX \"\"L\"\"\",1,2011-12-01 09:30:00,0.5,,France\n",
    );
    assert_eq!((summary.events, summary.items, summary.without_customer, summary.bad), (2, 2, 1, 0));
    let first = &batch.events[0];
    assert_eq!(
        first["items"],
        json!([{"item_id": "10002", "quantity": 5}, {"item_id": "10003A", "quantity": 1}])
    );
    assert_eq!((&first["subject_id"], &first["session_id"]), (&json!("901"), &json!("7001")));
    // London keeps summer time in July and not in December
    assert_eq!(first["occurred_at"], "2011-07-01T08:30:00Z");
    assert_eq!(batch.events[1]["occurred_at"], "2011-12-01T09:30:00Z");
    assert!(batch.events[1].get("subject_id").is_none());
    assert_eq!(batch.lines, [2, 5]);
    assert_eq!(
        batch.items,
        [
            json!({"item_id": "10002", "fields": {"title": "LAMP, RED", "price": "1.25", "in_stock": true}}),
            json!({"item_id": "10003A", "fields": {"title": "BOX \"L\"", "price": "0.50", "in_stock": true}}),
        ]
    );
}

#[test]
fn an_invoice_between_whose_rows_others_stand_is_still_one() {
    let (summary, batch) =
        read(&[sold("7001", "10002"), sold("7002", "10002"), sold("7001", "10003")].concat());
    assert_eq!((summary.events, batch.events[0]["items"].as_array().unwrap().len()), (2, 2));
}

#[test]
fn an_invoice_that_comes_back_much_later_is_another_event_of_the_visit() {
    let between: String = (0..100).map(|n| sold(&format!("8{n:03}"), "10002")).collect();
    let (summary, batch) = read(&[sold("7001", "10002"), between, sold("7001", "10003")].concat());
    assert_eq!(summary.events, 102);
    let of_visit: Vec<_> = batch.events.iter().filter(|e| e["session_id"] == "7001").collect();
    assert_eq!(of_visit.len(), 2);
    assert_ne!(of_visit[0]["event_id"], of_visit[1]["event_id"]);
}

#[test]
fn a_purchase_has_the_same_id_wherever_it_stands() {
    let (alone, among) = (sold("7001", "10002"), [sold("6999", "10005"), sold("7001", "10002")].concat());
    let id = |rows: &str| read(rows).1.events.last().unwrap()["event_id"].clone();
    assert_eq!(id(&alone), id(&among));
    assert_ne!(id(&alone), id(&[alone.clone(), sold("7001", "10003")].concat()));
}

#[test]
fn what_is_no_sale_is_set_aside_and_counted() {
    let at = "2011-07-01 09:30:00";
    let mut rows = row("C7001", "10002", "-2", at, "1.25", "901.0");
    let no_products = [
        "POST",
        "BANK CHARGES",
        "D",
        "m",
        "DOT",
        "C2",
        "S",
        "B",
        "AMAZONFEE",
        "CRUK",
        "PADS",
        "gift_0001_20",
    ];
    no_products.iter().for_each(|code| rows += &row("7001", code, "1", at, "18.0", ""));
    rows += &row("7001", "10002", "-2", at, "1.25", "901.0");
    rows += &row("7001", "10002", "2", at, "0.0", "901.0");
    rows += &row("A7003", "10002", "1", at, "-11062.06", "");
    let (summary, batch) = read(&rows);
    let expected = [("cancellations", 1), ("no products", 12), ("quantities or prices not above 0", 3)];
    let expected = expected.map(|(why, count)| (std::borrow::Cow::Borrowed(why), count));
    assert_eq!(summary.set_aside, expected.into());
    assert!(batch.events.is_empty() && batch.items.is_empty() && summary.bad == 0);
}

#[test]
fn gifts_of_the_range_dcgs_are_products() {
    assert_eq!(read(&sold("7001", "DCGSSBOY")).0.events, 1);
}

#[test]
fn bad_rows_are_named_by_line_and_stop_nothing() {
    let at = "2011-07-01 09:30:00";
    let cases = [
        (row("7001", "10002", "two", at, "1.25", "901.0"), "the quantity is no whole number"),
        (row("7001", "10002", "9999999999", at, "1.25", "901.0"), "the quantity is too large"),
        (row("7001", "10002", "2", at, "inf", "901.0"), "the price is no decimal with at most four places"),
        (
            row("7001", "10002", "2", "01/07/2011", "1.25", "901.0"),
            "the date is not written as 2010-12-01 08:26:00",
        ),
        (
            row("7001", "10002", "2", "2011-02-30 09:30:00", "1.25", ""),
            "the date is not written as 2010-12-01 08:26:00",
        ),
        (row("", "10002", "2", at, "1.25", "901.0"), "the invoice number or the stock code is empty"),
        ("7001,10002\n".to_owned(), "the row has too few cells"),
        ("7001,10002,\"LAMP,2,2011-07-01 09:30:00,1.25,901.0,France\n".to_owned(), "a quote is not closed"),
        (
            "7001,10002,\"LAMP\" RED,2,2011-07-01 09:30:00,1.25,901.0,France\n".to_owned(),
            "a quote stands within a cell",
        ),
    ];
    let rows: String = cases.iter().map(|(row, _)| row.as_str()).collect();
    let (summary, batch) = read(&(rows + &sold("7001", "10002")));
    let found: Vec<_> = summary.bad_rows.iter().map(|b| (b.line, &*b.what)).collect();
    let expected: Vec<_> = (2..).zip(cases.iter().map(|(_, what)| *what)).collect();
    assert_eq!(found, expected);
    assert_eq!((batch.events.len(), summary.rows), (1, 10));
}

#[test]
fn no_value_of_a_row_stands_in_what_is_said_of_it() {
    let (summary, _) = read("canary,canary,canary,canary,canary,canary,canary,canary\n");
    assert_eq!(summary.bad, 1);
    assert!(!format!("{summary:?}").contains("canary"));
}

#[test]
fn a_cell_that_is_not_utf8_is_a_bad_row() {
    let after = sold("7002", "10002");
    let text = [
        HEAD.as_bytes(),
        b"7001,10002,LAMP \xff,2,2011-07-01 09:30:00,1.25,901.0,France\n",
        after.as_bytes(),
    ];
    let (summary, _) = read_bytes(&text.concat());
    assert_eq!((summary.bad, &*summary.bad_rows[0].what, summary.events), (1, "a cell is not UTF-8", 1));
}

#[test]
fn the_last_description_and_price_count_and_an_empty_description_does_not() {
    let line = |description: &str, price: &str| {
        format!("7001,10002,{description},1,2011-07-01 09:30:00,{price},,France\n")
    };
    let (_, batch) = read(&[line("LAMP", "1.25"), line("LAMP RED", "1.5"), line("", "1.75")].concat());
    assert_eq!(
        batch.items,
        [json!({"item_id": "10002", "fields": {"title": "LAMP RED", "price": "1.75", "in_stock": true}})]
    );
}

#[test]
fn columns_are_found_by_name_wherever_they_stand() {
    let (summary, batch) = read_bytes(
        b"\"Country\",CustomerID,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo\nFrance,901,1.25,2011-07-01 09:30,2,LAMP,10002,7001\n",
    );
    assert_eq!((summary.events, &batch.events[0]["subject_id"]), (1, &json!("901")));
}

#[test]
fn another_file_is_refused_by_the_name_of_what_is_missing() {
    for text in ["", "a,b,c\n1,2,3\n", "InvoiceNo,StockCode\n"] {
        let error = online_retail(text.as_bytes(), &mut |_| Ok(())).unwrap_err();
        let missing = if text.starts_with("Invoice") { "`Description`" } else { "`InvoiceNo`" };
        assert!(error.to_string().contains(missing), "{error}");
    }
}

#[test]
fn byte_order_mark_and_crlf_are_no_matter() {
    let text =
        format!("\u{feff}{}", HEAD.replace('\n', "\r\n")) + &sold("7001", "10002").replace('\n', "\r\n");
    let (summary, _) = read_bytes(text.as_bytes());
    assert_eq!((summary.rows, summary.events, summary.bad), (1, 1, 0));
}

#[test]
fn an_error_of_whoever_takes_the_batches_ends_the_import() {
    let text = format!("{HEAD}{}", sold("7001", "10002"));
    let error = online_retail(text.as_bytes(), &mut |_| Err("the disk is full".to_owned())).unwrap_err();
    assert_eq!(error.to_string(), "the disk is full");
}

proptest! {
    #[test]
    fn every_row_is_sold_set_aside_or_bad(bytes in proptest::collection::vec(any::<u8>(), 0..80), at in 0_usize..300, cut in 0_usize..400) {
        let rows = ["7001", "C7002", "7003", "7003"].map(|n| sold(n, "10002")).concat();
        let mut text = rows.into_bytes();
        let at = at.min(text.len());
        text.splice(at..at, bytes);
        text.truncate(cut);
        let text = [HEAD.as_bytes(), &text].concat();
        let (summary, batch) = read_bytes(&text);
        let aside: u64 = summary.set_aside.values().sum();
        prop_assert!(summary.events + aside + summary.bad <= summary.rows);
        prop_assert_eq!(batch.events.len() as u64, summary.events);
        prop_assert_eq!((summary, batch), read_bytes(&text));
    }

    #[test]
    fn a_quoted_cell_comes_back_as_it_was(cell in "[ -~äé€]{0,20}") {
        let quoted = cell.replace('"', "\"\"");
        let (_, batch) = read(&format!("7001,10002,\"{quoted}\",1,2011-07-01 09:30:00,1.25,,France\n"));
        prop_assert_eq!(&batch.items[0]["fields"]["title"], &json!(cell.trim()));
    }
}
