//! The same rules as a programmer would write them against the view: the sum of the factors of what is kept.

use jardin_model::{CHUNK_ROWS, ColumnView, ItemIndex, Namespace, Symbol};
use jardin_policy::{Access, View, ViewValue};

/// The chunks of one column.
struct Cells<'v>(Vec<ColumnView<'v>>);

impl<'v> Cells<'v> {
    fn of(view: &'v View, name: &str) -> Self {
        let column = view.column(name).unwrap();
        Self((0..).map_while(|chunk| view.chunk(column, chunk)).collect())
    }

    fn number(&self, (chunk, row): (usize, usize)) -> f64 {
        match self.0[chunk] {
            ColumnView::Numbers(all) => all[row],
            _ => panic!("numbers"),
        }
    }

    /// `u32::MAX` where there is none.
    fn symbol(&self, (chunk, row): (usize, usize)) -> u32 {
        match self.0[chunk] {
            ColumnView::Symbols(all) => all[row],
            _ => panic!("symbols"),
        }
    }

    fn has(&self, (chunk, row): (usize, usize), symbol: Option<Symbol>) -> bool {
        match self.0[chunk] {
            ColumnView::SymbolLists(all) => {
                all[row].as_deref().is_some_and(|list| symbol.is_some_and(|s| list.contains(&s)))
            }
            _ => panic!("lists"),
        }
    }
}

fn place(item: ItemIndex) -> (usize, usize) {
    (item.0 as usize / CHUNK_ROWS, item.0 as usize % CHUNK_ROWS)
}

fn symbols(view: &View, texts: &[&str]) -> Vec<u32> {
    texts.iter().filter_map(|t| view.symbol(t)).map(|s| s.0).collect()
}

fn is_far(view: &View) -> bool {
    matches!(view.get(Namespace::Context, "region"), Access::Value(ViewValue::Text(t)) if &**t == "corse")
}

pub(crate) fn small(view: &View, candidates: &[ItemIndex]) -> f64 {
    let (stock, brand) = (Cells::of(view, "stock"), Cells::of(view, "brand"));
    let hidden = symbols(view, &["Nordfjell", "Altavia"]);
    let mut sum = 0.0;
    for item in candidates {
        let at = place(*item);
        let on_hand = stock.number(at);
        if on_hand.is_nan() || on_hand <= 0.0 || hidden.contains(&brand.symbol(at)) {
            continue;
        }
        sum += if on_hand < 3.0 { 0.8 } else { 1.0 };
    }
    sum
}

pub(crate) fn middle(view: &View, candidates: &[ItemIndex]) -> f64 {
    let (stock, price, margin) =
        (Cells::of(view, "stock"), Cells::of(view, "price"), Cells::of(view, "margin"));
    let (category, tags) = (Cells::of(view, "category"), Cells::of(view, "tags"));
    let liked = symbols(view, &["shoes", "bags", "hats"]);
    let (clearance, evening) = (view.symbol("clearance"), view.symbol("evening"));
    let far = is_far(view);
    let mut sum = 0.0;
    for item in candidates {
        let at = place(*item);
        let on_hand = stock.number(at);
        if on_hand.is_nan() || on_hand <= 0.0 {
            continue;
        }
        let mut factor = 1.0_f64;
        let cost = price.number(at);
        if liked.contains(&category.symbol(at)) {
            factor *= 1.2;
        }
        if cost < 30.0 {
            factor *= 1.15;
        }
        if margin.number(at) > 0.35 {
            factor *= 1.1;
        }
        if tags.has(at, clearance) {
            factor *= 0.7;
        }
        if far && cost > 200.0 {
            factor *= 0.9;
        }
        if tags.has(at, evening) {
            factor *= 1.05;
        }
        sum += factor.clamp(0.05, 20.0);
    }
    sum
}

/// The page's product is a bag of 100.00 by Altavia.
pub(crate) fn large(view: &View, candidates: &[ItemIndex]) -> f64 {
    let (stock, price, margin) =
        (Cells::of(view, "stock"), Cells::of(view, "price"), Cells::of(view, "margin"));
    let (category, tags, brand) =
        (Cells::of(view, "category"), Cells::of(view, "tags"), Cells::of(view, "brand"));
    let (sales, collection) = (Cells::of(view, "sales_per_day"), Cells::of(view, "collection"));
    let (rivals, companions) = (symbols(view, &["Nordfjell"]), symbols(view, &["shoes", "belts"]));
    let rival = view.symbol("bags").map_or(u32::MAX, |s| s.0);
    let (new, old) = (view.symbol("new").map(|s| s.0), view.symbol("old").map(|s| s.0));
    let (clearance, evening) = (view.symbol("clearance"), view.symbol("evening"));
    let far = is_far(view);
    let mut sum = 0.0;
    for item in candidates {
        let at = place(*item);
        let on_hand = stock.number(at);
        if on_hand.is_nan() || on_hand <= 0.0 || rivals.contains(&brand.symbol(at)) {
            continue;
        }
        let mut factor = 1.0_f64;
        let kind = category.symbol(at);
        if kind == rival {
            factor *= 0.4;
        } else if companions.contains(&kind) {
            factor *= 1.4;
        }
        let cost = price.number(at);
        let ratio = cost / 100.0;
        if ratio > 1.5 {
            factor *= 0.7;
        } else if ratio > 0.1 && ratio < 0.8 {
            factor *= 1.0 + (1.0 - ratio) / 2.0;
        }
        let sold = sales.number(at);
        let left = on_hand / (if sold.is_nan() { 0.1 } else { sold }).max(0.05);
        if left > 180.0 {
            factor *= 1.5;
        } else if left > 90.0 {
            factor *= 1.2;
        } else if left < 14.0 {
            factor *= 0.9;
        }
        let of = collection.symbol(at);
        if Some(of) == new {
            factor *= 1.3;
        } else if Some(of) == old {
            factor *= 1.1;
        } else if of == u32::MAX {
            factor *= 0.95;
        }
        let wanted = tags.has(at, evening) || margin.number(at) > 0.35;
        if wanted && !tags.has(at, clearance) {
            factor *= 1.05;
        }
        if far && cost > 200.0 {
            factor *= 0.9;
        }
        sum += factor.clamp(0.05, 20.0);
    }
    sum
}
