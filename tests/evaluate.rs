//! `jardin evaluate` on tables small enough to be judged by hand.

use std::{fs, path::Path, process::Output};

use serde_json::Value;

use crate::support::program;

/// Five visits of a tent and a mat, one of a tent and a lamp, one of a cup alone with a pot.
const TRAIN: &str = "SessionId\tItemId\tTime\n\
    1\ttent\t1600000000\n1\tmat\t1600000060\n2\ttent\t1600003600\n2\tmat\t1600003660\n3\ttent\t1600007200\n3\tmat\t1600007260\n\
    4\ttent\t1600010800\n4\tlamp\t1600010860\n5\tcup\t1600014400\n5\tpot\t1600014460\n";

fn evaluate(folder: &Path, queries: &str, more: &[&str]) -> Output {
    fs::write(folder.join("train.tsv"), TRAIN).unwrap();
    fs::write(folder.join("queries.tsv"), queries).unwrap();
    program()
        .arg("evaluate")
        .arg("--train")
        .arg(folder.join("train.tsv"))
        .arg("--queries")
        .arg(folder.join("queries.tsv"))
        .args(more)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_figures_are_those_worked_out_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    // after a cup comes the pot; after a tent the lamp and then the mat, one of them first and the other
    // second
    let output = evaluate(folder.path(), "tent\tmat\ncup\tpot\ntent\tlamp\n", &["--json", "--k", "2"]);
    let json = json(&output);
    assert_eq!(json["queries"], 3);
    assert_eq!(json["k"], 2);
    assert_eq!(json["hr"], 1.0);
    // ranks 1, 1 and 2, whichever of the two is first
    let mrr = json["mrr"].as_f64().unwrap();
    assert!((mrr - 2.5 / 3.0).abs() < 1e-9, "{json}");
    assert_eq!(json["strategies"][0]["name"], "session-knn");
    assert!(json["latency_us"]["p50"].as_f64().unwrap() > 0.0);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("learning rests on legitimate interests"),
        "the policy is printed beside the result"
    );
}

#[test]
fn the_newest_item_comes_again_where_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let hr = |current: &str| {
        let output = evaluate(folder.path(), "tent\ttent\n", &["--json", "--current-item", current]);
        json(&output)["hr"].as_f64().unwrap()
    };
    assert_eq!((hr("allow"), hr("exclude")), (1.0, 0.0));
}

#[test]
fn a_table_compares_strategies_and_a_page_has_charts() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    let more =
        ["--strategy", "session-knn", "--strategy", "bought-together", "--html", page.to_str().unwrap()];
    let output = evaluate(folder.path(), "tent\tmat\n", &more);
    let table = String::from_utf8_lossy(&output.stdout);
    assert!(
        table.lines().any(|l| l.starts_with("session-knn"))
            && table.lines().any(|l| l.starts_with("bought-together")),
        "{table}"
    );
    assert!(fs::read_to_string(page).unwrap().contains("<svg"));
}

#[test]
fn nothing_is_chosen_on_too_few_visits_to_hide_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let output = evaluate(folder.path(), "tent\tmat\n", &["--json", "--tune"]);
    assert_eq!(json(&output)["settings"], Value::Null);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("so that nothing is chosen"), "{told}");
}

/// Beside each strategy stands what no strategy is needed for, and what came next is told apart.
#[test]
fn floors_stand_beside_and_repeats_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let queries = "tent\ttent\ntent mat\ttent\ntent\tmat\n";
    let json = json(&evaluate(folder.path(), queries, &["--json", "--current-item", "allow"]));
    let kinds = |line: &Value| {
        ["new", "seen", "last_again"].map(|kind| line["by_kind"][kind]["queries"].as_u64().unwrap())
    };
    assert_eq!(kinds(&json), [1, 1, 1]);
    let own = &json["floors"][0];
    assert_eq!((own["name"].as_str(), kinds(own)), (Some("own items, newest first"), [1, 1, 1]));
    // the newest again is first, the tent before the mat second, a mat that was not seen never comes
    let mrr = |kind: &str| own["by_kind"][kind]["mrr"].as_f64().unwrap();
    assert_eq!([mrr("last_again"), mrr("seen"), mrr("new")], [1.0, 0.5, 0.0]);
    // of the most popular the tent is first, the mat second
    assert_eq!(json["floors"][1]["by_kind"]["new"]["mrr"], 0.5);
}

/// Every visit is learned without its last item, so that nothing is known of what follows: nobody learned a mat.
#[test]
fn the_last_item_of_each_visit_is_asked_where_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("train.tsv"),
        format!("{TRAIN}6\ttent\t1600018000\n6\tmat\t1600018060\n6\tpot\t1600018120\n"),
    )
    .unwrap();
    let asked = |more: &[&str]| {
        program()
            .args(["evaluate", "--json", "--train"])
            .arg(folder.path().join("train.tsv"))
            .args(more)
            .output()
            .unwrap()
    };
    let evaluated = json(&asked(&["--leave-last-one"]));
    // what remains are a tent four times, a cup, and a tent with a mat: the mat is the one item that can be hit
    let counts =
        ["questions", "followed", "items", "visits"].map(|name| evaluated["denominators"][name].as_u64());
    assert_eq!(counts, [Some(6), Some(6), Some(3), Some(6)]);
    assert_eq!(evaluated["hr"].as_f64(), Some(0.5));
    let told = String::from_utf8_lossy(&asked(&[]).stderr).into_owned();
    assert!(told.contains("there are no questions"), "{told}");
}

/// What other evaluators are given: each item once, each question by its number, and those without an answer apart.
#[test]
fn questions_and_answers_are_written_for_other_evaluators() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let queries = "cup\tpot pot tent\ntent\tmat\n";
    let more = ["--json", "--k", "1", "--strategy", "bought-together", "--export", out.to_str().unwrap()];
    let evaluated = json(&evaluate(folder.path(), queries, &more));
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    assert_eq!(read("followed.qrels"), "1 0 pot 1\n1 0 tent 1\n2 0 mat 1\n");
    assert_eq!(read("next.qrels"), "1 0 pot 1\n2 0 mat 1\n");
    assert_eq!(read("followed.csv"), "user,item,rank\n1,pot,1\n1,tent,2\n2,mat,1\n");
    assert_eq!(read("bought-together.run"), "1 Q0 pot 1 1 bought-together\n2 Q0 mat 1 1 bought-together\n");
    assert_eq!(read("bought-together.csv"), "user,item,rank\n1,pot,1\n2,mat,1\n");
    assert_eq!(read("bought-together.unanswered"), "");
    // of two that followed one is there: a half of them, and all that one place can hold
    let figures = ["hr", "recall", "capped_recall", "precision", "map", "capped_map"]
        .map(|name| evaluated[name].as_f64());
    assert_eq!(figures, [Some(1.0), Some(0.75), Some(1.0), Some(1.0), Some(0.75), Some(1.0)]);
}

/// Four visits have a tent and three a mat, one each of the rest.
#[test]
fn what_too_few_people_had_is_not_recommended() {
    let folder = tempfile::tempdir().unwrap();
    let json = json(&evaluate(folder.path(), "tent\tmat\ntent\tlamp\n", &["--json"]));
    let hr = |place: usize| json["at_least_people"][place]["hr"].as_f64().unwrap();
    assert_eq!((json["hr"].as_f64().unwrap(), hr(0), hr(1)), (1.0, 1.0, 0.5));
    let three = evaluate(folder.path(), "tent\tmat\ntent\tlamp\n", &["--json", "--at-least-people", "3"]);
    let three: Value = serde_json::from_slice(&three.stdout).unwrap();
    // the shop window fills up what the strategy holds back
    assert_eq!(three["at_least_people"][1]["hr"], 0.5);
}

#[test]
fn each_grant_and_each_consent_has_its_price() {
    let folder = tempfile::tempdir().unwrap();
    // three of the four visits with a tent went on to a mat
    let output = evaluate(folder.path(), "tent\tmat\n", &["--json", "--price-of-privacy"]);
    let json = json(&output);
    let price = |name: &str| {
        let lines = json["price_of_privacy"].as_array().unwrap();
        lines.iter().find(|l| l["name"] == name).unwrap_or_else(|| panic!("{name}: {json}"))["mrr"]
            .as_f64()
            .unwrap()
    };
    assert_eq!(json["mrr"], 1.0);
    // the page tells what the basket's newest item would
    assert_eq!(price("without session.basket"), 1.0);
    // who knows nothing of the visit, or learned from nobody, shows the shop window: pot, mat, lamp, as they
    // came last
    assert!(price("without the basket and the page") < 1.0);
    assert!(price("0 % agree to be learned from") < 1.0);
    assert_eq!(price("100 % agree to be learned from"), 1.0);
}

#[test]
fn what_cannot_be_read_is_told_by_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let output = evaluate(folder.path(), "no tab here\n", &[]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("queries.tsv` is refused: line 1: a tab"), "{told}");
    let output = evaluate(folder.path(), "tent\tmat\n", &["--strategy", "magic"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no strategy `magic`"));
}

/// Clicks with a structure that is known: what follows an item changes every ten days, and nothing but the
/// last item counts. So what is right is what directly followed it in the latest days, which the defaults do
/// not know.
fn clicks(seed: u64) -> (String, String) {
    let mut state = seed;
    let mut below = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    let (mut train, mut queries) = (String::from("SessionId\tItemId\tTime\n"), String::new());
    for session in 0..5_100_u64 {
        let at = 1_600_000_000 + session * 3_600;
        let era = session / 240;
        let mut items = vec![below(150)];
        for _ in 0..2 + below(4) {
            let last = items[items.len() - 1];
            // the third part of all steps goes anywhere
            items.push(if below(3) == 0 { below(150) } else { (last * 31 + era * 17 + 7) % 150 });
        }
        let id = |item: &u64| format!("2145365{item:012}");
        if session < 5_000 {
            for item in &items {
                train.push_str(&format!("{session}\t{}\t{at}\n", id(item)));
            }
        } else {
            let ids: Vec<String> = items.iter().map(id).collect();
            for n in 1..ids.len() {
                queries.push_str(&format!("{}\t{}\n", ids[..n].join(" "), ids[n..].join(" ")));
            }
        }
    }
    (train, queries)
}

#[test]
fn tuning_finds_the_structure_of_clicks_and_never_looks_at_the_test() {
    let folder = tempfile::tempdir().unwrap();
    let (train, queries) = clicks(88_172_645_463_325_252);
    let path = |name: &str| folder.path().join(name);
    fs::write(path("train.tsv"), train).unwrap();
    fs::write(path("queries.tsv"), &queries).unwrap();
    // other questions, of items that nobody learned: whoever looked at them would choose otherwise
    fs::write(path("others.tsv"), "nothing\tnowhere\n").unwrap();
    let run = |queries: &str, more: &[&str]| {
        let mut command = program();
        command.args(["evaluate", "--json", "--k", "10", "--train"]).arg(path("train.tsv"));
        json(&command.arg("--queries").arg(path(queries)).args(more).output().unwrap())
    };
    let (usual, tuned, blind) =
        (run("queries.tsv", &[]), run("queries.tsv", &["--tune"]), run("others.tsv", &["--tune"]));
    let mrr = |json: &Value| json["mrr"].as_f64().unwrap();
    assert!(mrr(&tuned) > mrr(&usual) + 0.02, "{} is hardly more than {}", mrr(&tuned), mrr(&usual));
    assert_eq!(tuned["settings"], blind["settings"]);
    assert_eq!(mrr(&blind), 0.0);
    let settings = |name: &str| tuned["settings"][name].as_str().unwrap_or_default().to_owned();
    assert!(settings("weights").contains("next="), "{}", tuned["settings"]);
    assert!(settings("weights_from").contains("train.tsv, sha256 "), "{}", tuned["settings"]);
    let reached = |when: &str| tuned["validation"][when]["mrr"].as_f64().unwrap();
    assert!(reached("after") > reached("before"), "{}", tuned["validation"]);
}

/// A shop at `shop` whose store holds forty baskets of nobody known, of two kinds that never mix: the last four
/// are the test.
fn shop_with_baskets(shop: &Path, change: impl Fn(&Path)) {
    crate::support::copy_folder(&crate::support::example("online-retail"), shop);
    change(shop);
    assert!(program().args(["policy", "pin"]).arg(shop).output().unwrap().status.success());
    let mut lines: Vec<String> = ["tent", "mat", "cup", "pot"]
        .map(|id| serde_json::json!({"item_id": id, "fields": {"sku": id, "in_stock": true}}).to_string())
        .into();
    for n in 0..40 {
        let items = if n % 2 == 0 { ["tent", "mat"] } else { ["cup", "pot"] };
        let items = items.map(|id| serde_json::json!({"item_id": id}));
        let at = format!("2025-10-{:02}T10:00:00Z", 1 + n / 2);
        lines.push(
            serde_json::json!({"type": "purchase", "event_id": format!("e{n}"), "session_id": format!("s{n}"), "occurred_at": at, "items": items})
                .to_string(),
        );
    }
    fs::write(shop.join("events.jsonl"), lines.join("\n")).unwrap();
    let imported = program().arg("import").arg(shop).arg(shop.join("events.jsonl")).output().unwrap();
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stdout));
}

#[test]
fn pinned_scripts_are_found_where_the_shop_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    shop_with_baskets(&shop, |shop| {
        fs::rename(shop.join("scripts"), shop.join("rules")).unwrap();
        for (file, from, to) in [
            ("jardin.toml", "\"scripts\"", "\"rules\""),
            ("policy.toml", "\"goes_with_basket.rhai\"", "\"goes_with_basket.rhai\"\npinned = true"),
        ] {
            let text = fs::read_to_string(shop.join(file)).unwrap();
            assert!(text.contains(from));
            fs::write(shop.join(file), text.replace(from, to)).unwrap();
        }
    });
    let asked = ["--json", "--k", "3", "--strategy", "goes-with-basket"];
    let evaluated = json(&program().arg("evaluate").arg(&shop).args(asked).output().unwrap());
    // the script hands on what was bought together, which is right each time
    assert_eq!((&evaluated["queries"], &evaluated["hr"]), (&serde_json::json!(4), &serde_json::json!(1.0)));
}

#[test]
fn a_shop_is_evaluated_on_its_own_later_events() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop");
    shop_with_baskets(&shop, |_| {});
    let evaluated = program()
        .arg("evaluate")
        .arg(&shop)
        .args([
            "--json",
            "--k",
            "3",
            "--strategy",
            "bought-together",
            "--strategy",
            "popular-now",
            "--price-of-privacy",
        ])
        .output()
        .unwrap();
    let json = json(&evaluated);
    // four of forty baskets are the latest tenth, each a question of its first product
    assert_eq!(
        (json["queries"].as_u64(), json["hr"].as_f64(), json["mrr"].as_f64()),
        (Some(4), Some(1.0), Some(1.0))
    );
    assert_eq!(json["strategies"][1]["name"], "popular-now");
    let price = |name: &str| {
        let lines = json["price_of_privacy"].as_array().unwrap();
        lines.iter().find(|l| l["name"] == name).unwrap_or_else(|| panic!("{name}: {json}"))["mrr"]
            .as_f64()
            .unwrap()
    };
    // the basket tells what the page does not need to
    assert_eq!(price("without context.page_item"), 1.0);
    assert!(!shop.join("data").join("evaluate").exists());
    let told = String::from_utf8_lossy(&evaluated.stderr);
    assert!(told.contains("40 sessions that strategies may learn from: the last 4"), "{told}");
}
