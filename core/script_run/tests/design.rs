//! The scripts that merchants would write: each loads, reads what its header says, and does what its words
//! say.

use jardin_contract::{PageRule, Param, Period, PlainValue, Sources, Strategy as _};
use jardin_model::{EventKind, Namespace, Value};
use jardin_script_check::{FunctionRuns, Runs};

use crate::shop::{Shop, date, item, list, number, table, text, texts, wait};

const ALL: [(&str, &str); 6] = [
    ("clearance", include_str!("scripts/clearance.rhai")),
    ("complete-the-look", include_str!("scripts/complete_the_look.rhai")),
    ("house-rules", include_str!("scripts/house_rules.rhai")),
    ("my-range", include_str!("scripts/my_range.rhai")),
    ("season-front", include_str!("scripts/season_front.rhai")),
    ("trade-counter", include_str!("scripts/trade_counter.rhai")),
];

fn source(name: &str) -> &'static str {
    ALL.iter().find(|(n, _)| *n == name).unwrap().1
}

/// A shop without products in which every setting of the scripts is set.
fn shop_with_settings() -> Shop {
    let companions = Param::Table(table(&[("tents", list(&["mats"]))]).0);
    let rivals = Param::Table(table(&[("Nordhang", list(&["Sylvane"]))]).0);
    Shop::with(&[]).params(&[
        ("margin_floor", Param::Number(0.12)),
        ("goes_with", companions),
        ("competitors", rivals),
        ("season", Param::Text("winter".into())),
        ("hidden_brands", list(&["Gone"])),
        ("last_pieces", Param::Integer(3)),
        ("stretch", Param::Number(1.6)),
        ("collection", Param::Text("granite".into())),
        ("gifts", Param::Flag(true)),
        ("gift_price_max", Param::Integer(80)),
        ("hero", list(&["A", "B"])),
        ("impulse_max", Param::Integer(40)),
    ])
}

#[test]
fn every_script_loads_without_a_finding() {
    let shop = shop_with_settings();
    for (name, source) in ALL {
        let (_, report) = shop.load(name, source).unwrap_or_else(|report| panic!("{}", report.rendered()));
        assert_eq!(report.findings, [], "{name}");
    }
}

#[test]
fn reads_are_those_of_the_text() {
    let shop = shop_with_settings();
    let reads = |name: &str| {
        let all = shop.loaded(name, source(name)).reads().iter().map(ToString::to_string).collect::<Vec<_>>();
        all.join(" ")
    };
    assert_eq!(reads("clearance"), "item.category item.margin item.sales_per_day item.stock item.tags");
    assert_eq!(
        reads("complete-the-look"),
        "context.page_item item.brand item.category item.in_stock item.price"
    );
    assert_eq!(reads("house-rules"), "context.region item.brand item.regions item.seasons item.stock");
    assert_eq!(
        reads("my-range"),
        "subject.bought subject.usual_price item.category item.consumable item.price item.sku"
    );
    assert_eq!(
        reads("season-front"),
        "item.category item.collection item.giftable item.online_since item.price"
    );
    assert_eq!(
        reads("trade-counter"),
        "context.price_list item.category item.pack item.price item.price_b2b item.tags"
    );
}

/// Factor, dropped or not, and reason of each product.
fn effects_of(shop: &Shop, name: &str) -> Vec<(f64, bool, Option<String>)> {
    let effects = shop.run_as(name, source(name)).unwrap().effects;
    effects.into_iter().map(|e| (e.factor, e.dropped.is_some(), e.says.map(|s| s.to_string()))).collect()
}

#[test]
fn clearance_never_goes_below_the_margin_floor() {
    let of = |margin: f64, stock: f64, sales: f64| {
        [("margin", number(margin)), ("stock", number(stock)), ("sales_per_day", number(sales))]
    };
    let shop = Shop::with(&[
        item("A", "tents", "100", &of(0.20, 1000.0, 2.0)),
        item("B", "tents", "100", &of(0.11, 1000.0, 2.0)),
        item("C", "tents", "100", &of(0.20, 100.0, 1.0)),
        item("D", "tents", "100", &of(0.20, 10.0, 1.0)),
        item("E", "tents", "100", &of(0.20, 10.0, 0.0)),
        item("F", "tents", "100", &[("stock", number(10.0))]),
    ])
    .params(&[("margin_floor", Param::Number(0.12))]);
    let deal = Some("good_deal".to_owned());
    assert_eq!(
        effects_of(&shop, "clearance"),
        [
            (2.0, false, deal.clone()),
            (1.0, true, None),
            (1.4, false, deal.clone()),
            (0.5, false, None),
            (2.0, false, deal), // nothing sold: an infinite stock
            (1.0, true, None),
        ]
    );
}

#[test]
fn complete_the_look_shows_companions() {
    let brand = |b: &str| [("brand", text(b))];
    let tents = Param::Table(std::sync::Arc::new([("tents".into(), list(&["lamps"]))].into()));
    let rivals = Param::Table(std::sync::Arc::new([("Nordfjell".into(), list(&["Altavia"]))].into()));
    let shop = Shop::with(&[
        item("T1", "tents", "100", &brand("Nordfjell")),
        item("L1", "lamps", "30", &brand("Nordfjell")),
        item("L2", "lamps", "151", &brand("Nordfjell")),
        item("L3", "lamps", "30", &brand("Altavia")),
        item("S1", "socks", "10", &[]),
    ])
    .params(&[("goes_with", tents), ("competitors", rivals)])
    .on_page("T1");
    let with = Some("goes_with".to_owned());
    assert_eq!(
        effects_of(&shop, "complete-the-look"),
        [
            (1.0, true, None),
            (1.4, false, with.clone()),
            (1.4 * 0.7, false, with),
            (1.0, true, None),
            (1.0, false, None),
        ]
    );
}

#[test]
fn complete_the_look_shows_substitutes_of_a_sold_out_product() {
    let shop = Shop::with(&[
        item("T1", "tents", "100", &[("in_stock", Value::Flag(false))]),
        item("T2", "tents", "130", &[]),
        item("T3", "tents", "131", &[]),
        item("L1", "lamps", "30", &[]),
    ])
    .on_page("T1");
    let instead = Some("instead".to_owned());
    let told = effects_of(&shop, "complete-the-look");
    assert_eq!(told[1..], [(1.0, false, instead.clone()), (0.5, false, instead), (1.0, true, None)]);
    let script = shop.loaded("complete-the-look", source("complete-the-look"));
    let Sources::Or(first, _) = wait(script.sources(&shop.ask("complete-the-look"))).unwrap() else {
        panic!("two lists")
    };
    assert!(matches!(*first, Sources::Ask { strategy, limit: 300 } if strategy.as_str() == "similar-items"));
}

#[test]
fn house_rules_hold_for_everybody() {
    let shop = Shop::with(&[
        item("A", "tents", "1", &[("regions", texts(&["metropole"]))]),
        item("B", "tents", "1", &[("regions", texts(&["corse"])), ("seasons", texts(&["summer"]))]),
        item("C", "tents", "1", &[("brand", text("Gone"))]),
        item("D", "tents", "1", &[("stock", number(2.0))]),
        item("E", "tents", "1", &[]),
    ])
    .params(&[
        ("season", Param::Text("winter".into())),
        ("hidden_brands", list(&["Gone"])),
        ("last_pieces", Param::Integer(3)),
    ])
    .sent(Namespace::Context, "region", text("corse"));
    assert_eq!(
        effects_of(&shop, "house-rules"),
        [(1.0, true, None), (0.3, false, None), (1.0, true, None), (0.8, false, None), (1.0, false, None)]
    );
}

#[test]
fn my_range_is_hers_alone() {
    let mut shop = Shop::with(&[
        item("A", "wax", "40", &[("consumable", Value::Flag(true))]),
        item("B", "tents", "40", &[]),
        item("C", "tents", "81", &[]),
        item("D", "tents", "24", &[]),
        item("E", "tents", "25", &[]),
    ])
    .params(&[("stretch", Param::Number(1.6))]);
    let hers = Some("your_visits".to_owned());
    // nothing bought: nothing is said about price
    assert!(effects_of(&shop, "my-range").iter().all(|t| *t == (1.0, false, None)));
    // she bought two for 40 each, so that her usual price is the edge 50
    shop.history = vec![(EventKind::Purchase, "A"), (EventKind::Purchase, "B")];
    assert_eq!(
        effects_of(&shop, "my-range"),
        [
            (1.2 * 1.2, false, hers.clone()),
            (1.0, true, None),
            (0.6, false, None),
            (1.0, false, None),
            (1.2, false, hers),
        ]
    );
}

#[test]
fn season_front_follows_the_campaigns() {
    let shop = Shop::with(&[
        item("A", "tents", "50", &[("collection", text("granite")), ("online_since", date(2026, 11, 1))]),
        item("B", "tents", "50", &[("collection", text("granite")), ("online_since", date(2026, 1, 1))]),
        item("C", "tents", "90", &[("giftable", Value::Flag(true))]),
    ])
    .params(&[
        ("collection", Param::Text("granite".into())),
        ("gifts", Param::Flag(true)),
        ("gift_price_max", Param::Integer(80)),
        ("hero", list(&["A", "B"])),
    ]);
    let says = |code: &str| Some(code.to_owned());
    assert_eq!(
        effects_of(&shop, "season-front"),
        [(1.6, false, says("new_in")), (1.0, false, None), (1.5 * 0.6, false, says("gift_idea"))]
    );
    let id = |sku: &str| jardin_model::ItemId::new(sku).unwrap();
    let page = shop.run_as("season-front", source("season-front")).unwrap().page;
    assert_eq!(
        page,
        [
            PageRule::Diversify { field: "category".into(), strength: 0.4 },
            PageRule::AtLeast {
                n: 2,
                field: "collection".into(),
                value: PlainValue::Text("granite".into()),
                top: 6
            },
            PageRule::Rotate { top: 18, every: Period::Day },
            PageRule::Pin { position: 1, items: vec![id("A"), id("B")] },
        ]
    );
    let sources =
        wait(shop.loaded("season-front", source("season-front")).sources(&shop.ask("season-front"))).unwrap();
    let Sources::Mix { first, share, .. } = sources else { panic!("a mix") };
    assert_eq!(share, 0.5);
    assert_eq!(
        *first,
        Sources::Catalogue {
            limit: 200,
            having: vec![("collection".into(), PlainValue::Text("granite".into()))]
        }
    );
}

#[test]
fn trade_counter_goes_by_the_price_that_is_shown() {
    let items = [
        item(
            "A",
            "tents",
            "50",
            &[("price_b2b", Value::Money("30".parse().unwrap())), ("pack", number(6.0))],
        ),
        item("B", "tents", "50", &[]),
        item("C", "tents", "20", &[("tags", texts(&["trade-only"]))]),
    ];
    let impulse = [("impulse_max", Param::Integer(40))];
    let retail = Shop::with(&items).params(&impulse);
    assert_eq!(
        effects_of(&retail, "trade-counter"),
        [(0.6, false, None), (0.6, false, None), (1.0, true, None)]
    );
    let trade = Shop::with(&items).params(&impulse).sent(Namespace::Context, "price_list", text("b2b"));
    assert_eq!(
        effects_of(&trade, "trade-counter"),
        [(1.3, false, None), (1.0, true, None), (1.0, true, None)]
    );
}

#[test]
fn every_function_that_is_asked_about_items_is_compiled() {
    let mut all = 0;
    for name in ["clearance", "complete-the-look", "house-rules", "my-range", "season-front", "trade-counter"]
    {
        let script = shop_with_settings().loaded(name, source(name));
        for FunctionRuns { name: function, runs } in script.functions() {
            all += usize::from(*runs == Runs::Compiled);
            assert!(matches!(runs, Runs::Compiled | Runs::OnceARequest), "{name}: {function}: {runs}");
        }
    }
    assert_eq!(all, 7);
}
