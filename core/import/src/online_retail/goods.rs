//! The products that rows speak of.

use std::collections::{BTreeMap, BTreeSet};

use jardin_model::Money;
use serde_json::{Value, json};

use super::row::Sale;

/// What is known of each product so far, as the last row said it.
#[derive(Default)]
pub(super) struct Goods {
    known: BTreeMap<String, (String, Money)>,
    changed: BTreeSet<String>,
}

impl Goods {
    pub(super) fn note(&mut self, sale: &Sale) {
        let Some((description, price)) = self.known.get_mut(&sale.stock) else {
            self.known.insert(sale.stock.clone(), (sale.description.clone(), sale.price));
            self.changed.insert(sale.stock.clone());
            return;
        };
        let renamed = !sale.description.is_empty() && *description != sale.description;
        if renamed || *price != sale.price {
            if renamed {
                description.clone_from(&sale.description);
            }
            *price = sale.price;
            self.changed.insert(sale.stock.clone());
        }
    }

    /// Those that are new or have changed since this was last asked, as the HTTP API takes items. The set
    /// tells nothing of stocks: all count as in stock.
    pub(super) fn changed(&mut self) -> Vec<Value> {
        let changed = std::mem::take(&mut self.changed);
        let known = changed.iter().filter_map(|stock| self.known.get_key_value(stock));
        known
            .map(|(stock, (title, price))| {
                let fields = json!({"title": title, "price": price.to_string(), "in_stock": true});
                json!({"item_id": stock, "fields": fields})
            })
            .collect()
    }

    pub(super) fn len(&self) -> u64 {
        self.known.len() as u64
    }
}
