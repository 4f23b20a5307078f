//! The cheapest items first.

use std::collections::BTreeMap;

use jardin_sdk::{CatalogueRows, Params, Picks, Request, Strategy, strategy};

/// The price of each item, by its index.
#[derive(Default)]
struct Cheapest(BTreeMap<u32, f64>);

impl Strategy for Cheapest {
    fn create(_: &Params<'_>) -> Result<Self, String> {
        Ok(Self::default())
    }

    fn catalogue(&mut self, rows: &CatalogueRows<'_>) {
        for row in rows.iter() {
            match row.number("item.price").filter(|_| !row.is_removed()) {
                Some(price) => self.0.insert(row.index(), price),
                None => self.0.remove(&row.index()),
            };
        }
    }

    fn recommend(&mut self, request: &Request<'_>, picks: &mut Picks) {
        for (index, price) in &self.0 {
            picks.add(*index, -price);
        }
        picks.keep_best(request.limit());
    }
}

strategy! { Cheapest, name: "cheapest", needs: ["item.price"] }

#[cfg(test)]
mod tests {
    use super::*;
    use jardin_sdk::harness::Harness;

    #[test]
    fn the_cheapest_comes_first() {
        let mut harness = Harness::<Cheapest>::new();
        harness.item(3).number("item.price", 20.0);
        harness.item(8).number("item.price", 5.0);
        assert_eq!(harness.recommend(10), [8, 3]);
        assert_eq!(harness.breaches(), Vec::<String>::new());
    }
}
