//! The split of Online Retail that our figures use.

use std::{collections::HashMap, path::PathBuf};

use jardin_model::Timestamp;
use serde_json::Value;

use super::Visit;

/// Training visits, oldest first, and questions with what really followed.
pub struct Split {
    pub train: Vec<Visit>,
    pub questions: Vec<(Vec<u32>, Vec<u32>)>,
}

struct Invoice {
    customer: Option<String>,
    /// Milliseconds since 1970-01-01.
    at: i64,
    codes: Vec<String>,
}

/// The split, or `None` where the data is not there.
pub fn split() -> Option<Split> {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "../../../shared/data/online_retail.csv.xz"].iter().collect();
    if !path.exists() {
        println!("SKIPPED: the Online Retail set is not beside the checkout ({})", path.display());
        return None;
    }
    let mut invoices: Vec<Invoice> = Vec::new();
    let opened = jardin_import::open(&path, None).unwrap();
    let read = jardin_import::online_retail(opened.content, &mut |batch| {
        invoices.extend(batch.events.iter().map(invoice));
        Ok(())
    });
    read.unwrap();
    invoices.retain(|invoice| invoice.codes.len() >= 2);
    invoices.sort_by_key(|invoice| invoice.at);
    let last = invoices.last().unwrap().at;
    let cut = invoices.partition_point(|invoice| invoice.at <= last - 14 * 86_400_000);
    let test = invoices.split_off(cut);
    Some(numbered(invoices, &test))
}

fn invoice(event: &Value) -> Invoice {
    let code = |line: &Value| line["item_id"].as_str().unwrap().to_owned();
    Invoice {
        customer: event["subject_id"].as_str().map(str::to_owned),
        at: Timestamp::parse(event["occurred_at"].as_str().unwrap()).unwrap().ms(),
        codes: event["items"].as_array().unwrap().iter().map(code).collect(),
    }
}

fn numbered(train: Vec<Invoice>, test: &[Invoice]) -> Split {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut customers: HashMap<String, u32> = HashMap::new();
    let mut visits = Vec::new();
    for invoice in train {
        let count = customers.len() as u32;
        let person = invoice.customer.map(|customer| *customers.entry(customer).or_insert(count));
        let number = |code: String| {
            let next = numbers.len() as u32;
            *numbers.entry(code).or_insert(next)
        };
        visits.push(Visit {
            hour: (invoice.at / 3_600_000) as u32,
            items: invoice.codes.into_iter().map(number).collect(),
            person,
        });
    }
    let mut questions = Vec::new();
    for invoice in test {
        let items: Vec<u32> = invoice.codes.iter().filter_map(|code| numbers.get(code).copied()).collect();
        questions.extend((1..items.len().min(20)).map(|n| (items[..n].to_vec(), items[n..].to_vec())));
    }
    Split { train: visits, questions }
}
