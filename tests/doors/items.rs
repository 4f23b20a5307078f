//! Doors of the catalogue.

use serde_json::{Value, json};

use super::{Shop, assert_tells, said};

/// Fields on which something rests, with what cannot be read in them: wrong in type, in form, in spelling.
fn unreadable() -> Vec<(&'static str, Value)> {
    let of = |field: &'static str, values: Vec<Value>| values.into_iter().map(move |value| (field, value));
    of("category", vec![json!(12), json!(["pharmacy"]), json!({"name": "pharmacy"}), json!(true)])
        .chain(of("tags", vec![json!("spicy, halal"), json!(7), json!(["spicy", 1]), json!({"0": "halal"})]))
        .chain(of("in_stock", vec![json!("yes"), json!(1), json!("true"), json!([true])]))
        .chain(of(
            "price",
            vec![json!("14,90"), json!(14.9), json!("-3"), json!("14.905"), json!("14.90 EUR"), json!("1e3")],
        ))
        .collect()
}

fn fields_with(field: &str, value: &Value) -> Value {
    let mut fields = json!({"category": "food", "in_stock": true, "price": "10.00", "tags": ["plain"]});
    fields[field] = value.clone();
    fields
}

fn put_lines(shop: &Shop, lines: &[Value], query: &str) -> crate::support::Answer {
    let body = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let kind = [("content-type", "application/x-ndjson")];
    let path = format!("/v1/items{query}");
    shop.server.client.send_as("PUT", &path, Some(body.as_bytes()), &kind).expect("the server answers")
}

#[test]
fn what_cannot_be_read_in_a_field_that_guards_is_refused_at_every_door_of_items() {
    let shop = Shop::open();
    let client = &shop.server.client;
    let path = "/v1/items/TENT";
    client.put(path, &json!({"fields": fields_with("tags", &json!(["halal"]))})).expect(200);
    let before = client.get(path).expect(200);
    let faults = unreadable();
    for (field, value) in &faults {
        let whole = json!({"fields": fields_with(field, value)});
        let put = client.put(path, &whole).expect(422);
        assert_tells(put["detail"].as_str().unwrap(), field, value);
        assert_eq!(put["names"], json!([field]));
        let patch = shop.patch(path, &json!({"fields": {*field: value}})).expect(422);
        assert_tells(patch["detail"].as_str().unwrap(), field, value);
        let row = json!({"item_id": "TENT", "fields": whole["fields"]});
        let batch = client.post("/v1/items/batch", &json!({"items": [row]})).expect(200);
        let lines = put_lines(&shop, &[row], "?replace=all").expect(422);
        for receipt in [batch, lines] {
            let refused = &receipt["rejected"][0];
            assert_eq!((&receipt["accepted"], &refused["problem"]), (&json!(0), &json!("unreadable-field")));
            assert_tells(refused["detail"].as_str().unwrap(), field, value);
        }
        assert_eq!(client.get(path).expect(200), before, "{field} {value}");
    }
    for (n, rows) in faults.chunks(9).enumerate() {
        let row = |(field, value): &(&str, Value)| {
            json!({"item_id": "TENT", "fields": fields_with(field, value)}).to_string()
        };
        let lines: Vec<String> = rows.iter().map(row).collect();
        for option in ["", "--dry-run"] {
            let output = shop.import(option, &lines);
            let text = said(&output);
            assert_eq!(output.status.code(), Some(1), "{text}");
            for (line, (field, _)) in rows.iter().enumerate() {
                let line = format!("  line {}: TENT: `{field}` must be ", line + 1);
                assert!(text.contains(&line), "part {n}: {line}\n{text}");
            }
        }
        assert_eq!(client.get(path).expect(200), before);
    }
}

#[test]
fn a_value_in_another_field_is_dropped_and_told_and_the_old_one_stays() {
    let shop = Shop::open();
    let client = &shop.server.client;
    let path = "/v1/items/TENT";
    client.put(path, &json!({"fields": fields_with("brand", &json!("Aubrac"))})).expect(200);
    let patched = shop.patch(path, &json!({"fields": {"brand": 7, "colour": "red"}})).expect(200);
    assert_eq!(patched["item"]["fields"]["brand"], "Aubrac");
    let rules: Vec<&Value> = patched["redacted"].as_array().unwrap().iter().map(|r| &r["rule"]).collect();
    assert_eq!(rules, ["undeclared", "wrong-type"]);
    assert_tells(patched["redacted"][1]["details"][0].as_str().unwrap(), "brand", &json!(7));
    let row = json!({"item_id": "OTHER", "fields": fields_with("brand", &json!(7))});
    let output = shop.import("", &[row.to_string()]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.contains("dropped 1 time: `brand` (wrong-type)"), "{text}");
    assert!(
        text.contains("line 1: OTHER: `brand` must be a text, for example \"tents\"; read `7`"),
        "{text}"
    );
}

#[test]
fn products_of_never_are_known_however_they_are_spelled_and_by_whatever_door_they_came() {
    let shop = Shop::open();
    let client = &shop.server.client;
    client.consent("ada", "personalisation");
    let spelled = [
        ("category", json!("pharmacy/sleep")),
        ("category", json!("Pharmacy > Sleep")),
        ("category", json!("PHARMACY|sleep")),
        ("category", json!(" phar\u{ad}macy  /  sleep")),
        ("category", json!("Ｐｈａｒｍａｃｙ＞Sleep")),
        ("tags", json!(["plain", "HALAL"])),
        ("tags", json!(["ha\u{200b}lal"])),
        ("tags", json!(["halal > meat"])),
        ("sku", json!("rx-1")),
    ];
    for (n, (field, value)) in spelled.iter().enumerate() {
        let fields = fields_with(field, value);
        let id = |door: &str| format!("{door}-{n}");
        client.put(&format!("/v1/items/{}", id("PUT")), &json!({"fields": fields})).expect(200);
        let patched = format!("/v1/items/{}", id("PATCH"));
        client.put(&patched, &json!({"fields": fields_with("tags", &json!([]))})).expect(200);
        shop.patch(&patched, &json!({"fields": {*field: value}})).expect(200);
        let row = |door: &str| json!({"item_id": id(door), "fields": fields});
        client.post("/v1/items/batch", &json!({"items": [row("BATCH")]})).expect(200);
        assert_eq!(shop.import("", &[row("IMPORT").to_string()]).status.code(), Some(0));
        for door in ["PUT", "PATCH", "BATCH", "IMPORT"] {
            let event = json!({"type": "view_item", "occurred_at": super::days_ago(0), "subject_id": "ada",
                "items": [{"item_id": id(door)}]});
            let receipt = client.post("/v1/events", &json!({"events": [event]})).expect(202);
            assert_eq!(receipt["accepted"], 0, "{door} {field} {value}");
            assert_eq!(receipt["set_aside"], json!({"count": 1, "reasons": {"never": 1}}), "{door} {value}");
        }
    }
}

#[test]
fn a_catalogue_is_not_emptied_or_halved_in_silence() {
    let shop = Shop::open();
    let rows: Vec<Value> = (0..9)
        .map(|n| json!({"item_id": format!("T-{n}"), "fields": fields_with("tags", &json!([]))}))
        .collect();
    put_lines(&shop, &rows, "").expect(200);
    for body in [&rows[..0], &rows[..5]] {
        put_lines(&shop, body, "").expect(422);
        shop.server.client.get("/v1/items/T-8").expect(200);
    }
    put_lines(&shop, &[], "?replace=all").expect(422);
    put_lines(&shop, &rows[..6], "").expect(200);
    put_lines(&shop, &rows[..1], "?replace=all").expect(200);
    assert_eq!(shop.server.client.get("/v1/items/T-5").status, 404);
}

#[test]
fn a_catalogue_that_was_replaced_is_put_back_beside_the_server_and_without_it() {
    let mut shop = Shop::open();
    let row =
        |n: usize| json!({"item_id": format!("T-{n}"), "fields": fields_with("tags", &json!(["plain"]))});
    let rows: Vec<Value> = (0..9).map(row).collect();
    assert!(said(&shop.put_back()).contains("earlier catalogue"), "{}", said(&shop.put_back()));
    put_lines(&shop, &rows, "?replace=all").expect(200);
    let before = shop.server.client.get("/v1/items/T-5").expect(200);
    put_lines(&shop, &rows[..1], "?replace=all").expect(200);
    shop.patch("/v1/items/T-0", &json!({"fields": {"category": "tents"}})).expect(200);
    let output = shop.put_back();
    assert!(output.status.success() && said(&output).contains("back: 9 items"), "{}", said(&output));
    assert_eq!(shop.server.client.get("/v1/items/T-5").expect(200), before);
    assert_eq!(shop.server.client.get("/v1/items/T-0").expect(200)["fields"]["category"], "food");
    // the same again undoes it, by a command that opens the store itself
    shop.server.stop();
    assert!(said(&shop.put_back()).contains("back: 1 item\n"), "{}", said(&shop.put_back()));
}

#[test]
fn a_key_twice_is_refused_by_every_reader() {
    let shop = Shop::open();
    let twice = r#"{"item_id":"A","fields":{"category":"pharmacy","category":"food","in_stock":true,"price":"1.00"}}"#;
    let kind = [("content-type", "application/json")];
    let body = format!(r#"{{"items":[{twice}]}}"#);
    let client = &shop.server.client;
    assert_eq!(client.send_as("POST", "/v1/items/batch", Some(body.as_bytes()), &kind).unwrap().status, 400);
    assert_eq!(client.send_as("PUT", "/v1/items", Some(twice.as_bytes()), &kind).unwrap().status, 400);
    let output = shop.import("", &[twice.to_owned()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("line 1: an object has the same key twice"), "{}", said(&output));
    assert_eq!(client.get("/v1/items/A").status, 404);
}
