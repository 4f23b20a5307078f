//! What a policy costs: `cargo bench -p jardin-policy`. Times of one run on one machine; the page of the
//! project holds them against its aims.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock, prints what it measured and ends where it meets the unexpected"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    hint::black_box,
    sync::Arc,
    time::Instant,
};

use jardin_model::{
    Catalogue, Choice, ChoiceStatus, EventKind, HistoryEvent, HistoryLine, Item, ItemId, ItemIndex,
    PersonNumber, StoredValue, SubjectId, SubjectRecord, Timestamp, Value,
};
use jardin_policy::{Decision, FileState, Policy, Profile, ScreenedCatalogue, Signals, Stop, StrategyName};

const FULL: &str = include_str!("../tests/policies/full.toml");
const NOW: &str = "2026-09-02T10:00:00Z";

/// The full policy with a strategy that is granted 30 fields of a person.
fn thirty() -> String {
    let forms = [
        ("number", "\"exact\""),
        ("number", "{ as = \"round\", to = 10 }"),
        ("number", "{ as = \"bucket\", edges = [10, 100] }"),
        ("date", "\"year\""),
        ("date", "{ as = \"age band\", years = 10 }"),
        ("text", "{ as = \"first characters\", n = 2 }"),
        ("text", "\"yes or no\""),
        ("texts", "\"exact\""),
        ("flag", "\"exact\""),
    ];
    let (mut fields, mut grants) = (String::new(), String::new());
    for (n, (kind, form)) in forms.iter().cycle().take(28).enumerate() {
        let _ = writeln!(
            fields,
            "f{n} = {{ type = \"{kind}\", class = \"personal\", keep = \"account\", source = \"given\" }}"
        );
        let _ = write!(grants, ", \"subject.f{n}\" = {form}");
    }
    let histories = "\"subject.bought\" = \"exact\", \"subject.read_today\" = { as = \"top\", k = 10, of = \"category\" }";
    let strategy = format!(
        "[strategies.wide]\nscript = \"w.rhai\"\npurpose = \"personalise\"\nmay_read = {{ catalogue = \"exact\", {histories}{grants} }}\n"
    );
    FULL.replace("[fields.session]\n", &format!("{fields}[fields.session]\n"))
        .replace("[strategies.best-sellers]\n", &format!("{strategy}[strategies.best-sellers]\n"))
}

fn load(text: &str) -> Policy {
    Policy::load("policy.toml", text).unwrap_or_else(|r| panic!("{}", r.rendered())).0
}

fn screened(policy: &Policy) -> Arc<ScreenedCatalogue> {
    let item = |n: u32| Item {
        id: ItemId::new(&format!("I{n}")).unwrap(),
        fields: BTreeMap::from([
            ("sku".into(), Value::Text(format!("I{n}").into())),
            ("category".into(), Value::Text(format!("c{}", n % 17).into())),
            ("price".into(), Value::Money("12.50".parse().unwrap())),
            ("in_stock".into(), Value::Flag(true)),
        ]),
    };
    Arc::new(policy.screen(Catalogue::of_items(policy.schema(), (0..1000).map(item)), None))
}

/// Somebody of whom every field is known, with `events` purchases and views.
fn somebody(policy: &Policy, now: Timestamp, events: u32) -> SubjectRecord {
    let value = |kind| match kind {
        jardin_model::FieldType::Number => Some(Value::Number(321.0)),
        jardin_model::FieldType::Date => Some(Value::Date("1980-02-03".parse().unwrap())),
        jardin_model::FieldType::Text => Some(Value::Text("13001".into())),
        jardin_model::FieldType::Texts => Some(Value::Texts(Arc::from([Arc::from("a"), Arc::from("b")]))),
        jardin_model::FieldType::Flag => Some(Value::Flag(true)),
        _ => None,
    };
    let subject =
        policy.rules().fields.iter().filter(|f| f.path.namespace == jardin_model::Namespace::Subject);
    let fields = subject.filter_map(|f| {
        let value = value(f.kind)?;
        Some((Arc::clone(&f.path.name), StoredValue { value, stored_at: now }))
    });
    let event = |n: u32| HistoryEvent {
        kind: if n.is_multiple_of(2) { EventKind::Purchase } else { EventKind::ViewItem },
        at: now.plus_ms(-60_000 * i64::from(events - n)),
        lines: Box::from([HistoryLine { item: ItemIndex(n * 7 % 1000), quantity: 1 }]),
        sequence: u64::from(n),
    };
    SubjectRecord {
        person: PersonNumber(1),
        fields: fields.collect(),
        events: (0..events).map(event).collect(),
        choices: BTreeMap::from([(
            "personalisation".into(),
            vec![Choice {
                status: ChoiceStatus::Granted,
                text_version: "2026-09".into(),
                at: now.plus_ms(-1000),
                source: "bench".into(),
            }],
        )]),
        objected: None,
        restricted: None,
        last_seen: now,
    }
}

/// The median and the 99th percentile of a call, in microseconds: `times` samples of `each` calls.
fn measured<T>(times: usize, each: u32, mut call: impl FnMut() -> T) -> (f64, f64) {
    let mut samples: Vec<f64> = (0..times)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..each {
                black_box(call());
            }
            start.elapsed().as_secs_f64() * 1e6 / f64::from(each)
        })
        .collect();
    samples.sort_by(f64::total_cmp);
    let at = |share: usize| samples.get(samples.len() * share / 100).copied().unwrap_or(f64::NAN);
    (at(50), at(99))
}

fn show(what: &str, (p50, p99): (f64, f64)) {
    println!("{what:<44}  p50 {p50:>10.2} µs   p99 {p99:>10.2} µs");
}

fn main() {
    let now = Timestamp::parse(NOW).unwrap();
    let policy = load(&thirty()).bind(BTreeSet::new(), Some([7; 32]));
    let (screened, stop, name) = (screened(&policy), Stop::default(), StrategyName::new("wide").unwrap());
    for events in [20, 500] {
        let record = somebody(&policy, now, events);
        let flags = policy.flags(Some(&record), &Signals::default(), now);
        if events == 20 {
            show("flags", measured(20_000, 16, || policy.flags(Some(&record), &Signals::default(), now)));
            show("decide", measured(20_000, 16, || policy.decide(&name, &flags, FileState::Reviewed, &stop)));
        }
        let Decision::Run(grant) = policy.decide(&name, &flags, FileState::Reviewed, &stop) else {
            panic!("it runs");
        };
        let profile = Profile {
            subject_id: SubjectId::new("s").ok(),
            subject: Some(Arc::new(record)),
            ..Profile::default()
        };
        let present =
            grant.view(&profile, &screened, now).values().filter(|(.., value)| value.is_some()).count();
        assert_eq!(present, 30);
        show(
            &format!("view of 30 fields, {events} events"),
            measured(20_000, 8, || grant.view(&profile, &screened, now)),
        );
    }
}
