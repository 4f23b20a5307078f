//! What may change the order alone hides nothing: whoever asks, the same products are left out.

use jardin_contract::Ranking;
use jardin_model::{EventKind, ItemId, Namespace, Value};

use crate::shop::{Moved, Shop, item};

/// Scripts that read what may change the order alone, and leave out by other things; the last two fail on a product by it.
const SCRIPTS: [&str; 5] = [
    "if item.price > (subject.usual_price ?? 9.0) { item.bury(0.5, \"dear\"); } if item.price > 350.0 { item.drop(\"too dear\"); }",
    "for one in session.basket ?? [] { if one.category == item.category { item.bury(0.1, \"of its kind\"); } } if item.category == \"c0\" { item.drop(\"c0\"); }",
    "let seen = 0; for look in subject.viewed ?? [] { if look.item.category == item.category { seen += 1; } } if item.category == \"c1\" { item.drop(\"c1\"); return; } item.boost(min(1 + seen, 9), \"seen\");",
    "if item.sku == \"I7\" { item.boost(subject.usual_price ?? 2.0, \"usual\"); }",
    "if item.category == \"c2\" { item.drop(\"c2\"); } if item.sku == \"I9\" { item.boost(2 + 20 * (subject.viewed ?? []).len(), \"seen\"); }",
];

/// Visitors who differ in what they bought and looked at, and in what lies in the basket.
fn visitors() -> Vec<Shop> {
    let products =
        (0..40).map(|n| item(&format!("I{n}"), &format!("c{}", n % 4), &(n * 10).to_string(), &[]));
    let products: Vec<_> = products.collect();
    let of = |history: &[(EventKind, &'static str)], basket: &[&str]| {
        let ids: Vec<ItemId> = basket.iter().map(|id| ItemId::new(id).unwrap()).collect();
        let mut shop = Shop::with(&products).sent(Namespace::Session, "basket", Value::Items(ids.into()));
        shop.history = history.to_vec();
        shop
    };
    vec![
        of(&[], &[]),
        of(&[(EventKind::Purchase, "I30"), (EventKind::ViewItem, "I2")], &["I3"]),
        of(&[(EventKind::Purchase, "I9"), (EventKind::ViewItem, "I5")], &["I1", "I2"]),
    ]
}

/// What each product is moved by, and which are left out.
fn moved_and_left_out(shop: &Shop, body: &str, is_interpreted: bool) -> (Vec<f64>, Vec<usize>) {
    let source = format!("fn adjust(item, subject, session) {{ {body} }}");
    let mut script = shop.loaded("mover", &source);
    if is_interpreted {
        script = script.interpreted();
    }
    let Ok(Ranking::Adjusted(adjusted)) = script.run_now(&shop.ask("mover"), &shop.items) else {
        panic!("{body} gives no moves")
    };
    let effects = Moved::of(adjusted).effects;
    let left_out = effects.iter().enumerate().filter(|(_, e)| e.dropped.is_some()).map(|(i, _)| i);
    (effects.iter().map(|e| e.factor).collect(), left_out.collect())
}

#[test]
fn the_same_products_are_left_out_whoever_asks() {
    let visitors = visitors();
    for body in SCRIPTS {
        for is_interpreted in [false, true] {
            let mut all = visitors.iter().map(|shop| moved_and_left_out(shop, body, is_interpreted));
            let (first_moves, first_left_out) = all.next().unwrap();
            let mut is_moved = false;
            for (moves, left_out) in all {
                assert_eq!(left_out, first_left_out, "{body}");
                is_moved |= moves != first_moves;
            }
            assert!(is_moved, "{body} moves nothing by what it reads");
        }
    }
}
