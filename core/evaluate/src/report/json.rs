//! The result as JSON.

use serde_json::{Map, Value, json};

use super::{Line, Report, Validation, columns::all};
use crate::{Denominators, Interval, Kind};

impl Report {
    /// `hr`, `mrr`, … as plain numbers, those of the first strategy also at the top; each with its interval
    /// as `hr_interval`: [low, high].
    #[must_use]
    pub fn json(&self) -> Value {
        let mut top = self.strategies.first().map(object).unwrap_or_default();
        top.remove("name");
        top.insert("k".to_owned(), json!(self.k));
        top.insert("title".to_owned(), json!(self.title));
        top.insert("strategies".to_owned(), self.strategies.iter().map(object).map(Value::Object).collect());
        for (name, lines) in
            [("floors", &self.floors), ("at_least_people", &self.people), ("price_of_privacy", &self.privacy)]
        {
            if !lines.is_empty() {
                top.insert(name.to_owned(), lines.iter().map(object).map(Value::Object).collect());
            }
        }
        if let Some(Validation { questions, before, after }) = self.validation {
            let figures = |(hr, mrr): (f64, f64)| json!({"hr": hr, "mrr": mrr});
            let said = json!({"queries": questions, "before": figures(before), "after": figures(after)});
            top.insert("validation".to_owned(), said);
        }
        if !self.settings.is_empty() {
            let settings: Map<String, Value> =
                self.settings.iter().map(|(n, v)| (n.clone(), json!(v))).collect();
            top.insert("settings".to_owned(), Value::Object(settings));
        }
        Value::Object(top)
    }
}

fn object(line: &Line) -> Map<String, Value> {
    let (f, latency) = (&line.measured.figures, &line.measured.latency);
    let mut object = Map::new();
    object.insert("name".to_owned(), json!(line.name));
    object.insert("queries".to_owned(), json!(f.denominators.questions));
    for column in all() {
        let Interval { mean, low, high } = (column.of)(f);
        object.insert(column.key.to_owned(), json!(mean));
        object.insert(format!("{}_interval", column.key), json!([low, high]));
    }
    let kinds = Kind::ALL.iter().zip(f.by_kind).map(|(kind, part)| {
        let figures = json!({"queries": part.questions, "hr": part.hr.mean, "mrr": part.mrr.mean});
        (kind.name().replace(' ', "_"), figures)
    });
    object.insert("by_kind".to_owned(), Value::Object(kinds.collect()));
    let Denominators { questions, unanswered, followed, capped, items, visits } = f.denominators;
    let counts = json!({
        "questions": questions,
        "unanswered": unanswered,
        "followed": followed,
        "followed_at_most_k": capped,
        "items": items,
        "visits": visits,
    });
    object.insert("denominators".to_owned(), counts);
    object.insert("coverage".to_owned(), json!(f.coverage));
    object.insert("full_answers".to_owned(), json!(f.full));
    object
        .insert("latency_us".to_owned(), json!({"p50": latency.p50, "p90": latency.p90, "p99": latency.p99}));
    object
}
