//! What validation on the last 8 % of the training time found for Online Retail, among at most 500 sessions
//! and 150 neighbours.

use session_knn::{Age, Distance, Params, Position};

pub fn online_retail() -> Params {
    Params {
        last_items: 2,
        newest: 500,
        neighbours: 150,
        position: Position::Exponential { scale: 0.3 },
        length_exponent: 0.5,
        age: Age::Exponential { scale: 120.0 },
        distance: Distance::Exponential { scale: 5.0, before: 1.0, reach: 12 },
        rarity: 0.0,
        rules: 0.1,
        ..Params::default()
    }
}
