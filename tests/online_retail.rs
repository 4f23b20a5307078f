//! The Online Retail set, imported and asked.

use std::{
    collections::{BTreeSet, HashMap},
    io::Write as _,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::support::{Server, copy_folder, example, program};

/// The set, where it stands beside the checkout.
fn set() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/online_retail.csv.xz");
    if !path.exists() {
        println!("SKIPPED: the Online Retail set is not beside the checkout ({})", path.display());
        return None;
    }
    Some(path)
}

fn shop(folder: &Path) -> PathBuf {
    let shop = folder.join("shop");
    copy_folder(&example("online-retail"), &shop);
    assert!(
        program()
            .args(["policy", "pin"])
            .arg(&shop)
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap()
            .success()
    );
    shop
}

/// In how many invoices each product was bought together with `seed`, counted from the file by this test's
/// own hand.
fn companions(path: &Path, seed: &str) -> Vec<(String, usize)> {
    let mut invoices: HashMap<String, BTreeSet<String>> = HashMap::new();
    let opened = jardin_import::open(path, None).unwrap();
    let _ = jardin_import::online_retail(opened.content, &mut |batch| {
        for event in batch.events {
            let items = event["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|i| i["item_id"].as_str().unwrap().to_owned())
                .collect();
            invoices.insert(event["event_id"].as_str().unwrap().to_owned(), items);
        }
        Ok(())
    })
    .unwrap();
    let mut counts: HashMap<&String, usize> = HashMap::new();
    for items in invoices.values().filter(|i| i.contains(seed)) {
        items.iter().filter(|i| *i != seed).for_each(|i| *counts.entry(i).or_default() += 1);
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().map(|(i, n)| (i.clone(), n)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}

#[test]
fn the_whole_set_is_imported_and_baskets_get_their_companions() {
    let Some(path) = set() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (shop, data) = (shop(folder.path()), folder.path().join("data"));
    let output = program().arg("import").arg(&shop).arg(&path).arg("--data").arg(&data).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("541909 rows read"), "{said}");

    // a second import finds everything known already
    let again = program().arg("import").arg(&shop).arg(&path).arg("--data").arg(&data).output().unwrap();
    assert!(
        String::from_utf8_lossy(&again.stdout).contains("\n0 events stored"),
        "{}",
        String::from_utf8_lossy(&again.stdout)
    );

    let server = Server::serve(&shop, &data);
    // a lunch bag: the other lunch bags are what people bought with it, as anybody can count in the file
    let seed = "20725";
    let counted = companions(&path, seed);
    let often: Vec<&str> = counted.iter().take(15).map(|(i, _)| i.as_str()).collect();
    let ask = json!({"placement": "product_page", "context": {"page_item": seed}});
    let mut answer = server.client.recommend(&ask);
    // learning goes on after the start; it is done when the list is that of the plugin
    for _ in 0..600 {
        if answer.json()["items"][0]["strategy"] == "bought-together"
            && server.client.get("/health/ready").status == 200
        {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        answer = server.client.recommend(&ask);
    }
    let items = settled(&server, &ask);
    let common = items.iter().filter(|i| often.contains(&i.as_str())).count();
    assert!(common >= 6, "{items:?} against {often:?}");

    let basket = json!({"placement": "basket", "session": {"basket": [seed, "22383"]}});
    let answer = server.client.recommend(&basket);
    let first = &answer.json()["items"][0];
    assert_eq!(first["reason"]["code"], "in_basket", "{}", answer.text);
    assert!(!answer.items().iter().any(|i| i == seed || i == "22383"));
}

/// The list once it no longer changes.
fn settled(server: &Server, ask: &Value) -> Vec<String> {
    let mut before = Vec::new();
    for _ in 0..200 {
        let now = server.client.recommend(ask).items();
        std::thread::sleep(std::time::Duration::from_millis(250));
        if now == before && !now.is_empty() {
            return now;
        }
        before = now;
    }
    before
}

#[test]
fn an_interrupted_import_leaves_nothing_half_done() {
    let Some(path) = set() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (shop, data) = (shop(folder.path()), folder.path().join("data"));
    // a pipe that is held open after its first half: the import has begun and cannot have ended
    let pipe = folder.path().join("online_retail.csv.xz");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut import = program().arg("import").arg(&shop).arg(&pipe).arg("--data").arg(&data).spawn().unwrap();
    let packed = std::fs::read(&path).unwrap();
    let mut feed = std::fs::File::options().write(true).open(&pipe).unwrap();
    feed.write_all(&packed[..packed.len() / 2]).unwrap();
    assert!(import.try_wait().unwrap().is_none(), "the import ended before it could be interrupted");
    import.kill().unwrap();
    import.wait().unwrap();
    let server = Server::serve(&shop, &data);
    assert_eq!(server.client.get("/v1/items/85123A").status, 404);
    assert_eq!(server.client.get("/v1/subjects/17850").status, 404);
}
