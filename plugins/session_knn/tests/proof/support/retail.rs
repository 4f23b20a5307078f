//! The split of Online Retail that our figures use.

use std::{collections::HashMap, io::Read, path::PathBuf};

use super::Visit;

/// Training visits, oldest first, and questions with what really followed.
pub struct Split {
    pub train: Vec<Visit>,
    pub questions: Vec<(Vec<u32>, Vec<u32>)>,
}

struct Invoice {
    /// Seconds since 1970-01-01, the shop's local time.
    at: i64,
    codes: Vec<String>,
}

/// The split, or `None` where the data is not there.
pub fn split() -> Option<Split> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../shared/data/online_retail.csv.xz"]
        .iter()
        .collect();
    let Ok(file) = std::fs::File::open(&path) else {
        println!("skipped: no Online Retail data in ../shared/data beside the checkout");
        return None;
    };
    let mut text = String::new();
    liblzma::read::XzDecoder::new(file).read_to_string(&mut text).unwrap();
    let invoices: Vec<Invoice> = invoices(&text).into_iter().filter(|i| i.codes.len() >= 2).collect();
    let last = invoices.iter().map(|i| i.at).max().unwrap();
    let (train, test): (Vec<Invoice>, Vec<Invoice>) = invoices.into_iter().partition(|i| i.at <= last - 14 * 86_400);
    Some(numbered(train, &test))
}

fn invoices(text: &str) -> Vec<Invoice> {
    let mut invoices: Vec<Invoice> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records() {
        let row = row.unwrap();
        let code = row[1].to_uppercase();
        let is_product = code.starts_with("DCGS") || code.len() >= 5 && code.bytes().take(5).all(|b| b.is_ascii_digit());
        let counts = row[3].parse::<i64>().unwrap() > 0 && row[5].parse::<f64>().unwrap() > 0.0;
        if row[0].starts_with('C') || !is_product || !counts {
            continue;
        }
        let place = *places.entry(row[0].to_owned()).or_insert_with(|| {
            invoices.push(Invoice {
                at: seconds(&row[4]),
                codes: Vec::new(),
            });
            invoices.len() - 1
        });
        if !invoices[place].codes.contains(&code) {
            invoices[place].codes.push(code);
        }
    }
    invoices
}

/// `2010-12-01 08:26:00` in seconds since 1970-01-01.
fn seconds(text: &str) -> i64 {
    let n = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
    let (year, month, day) = (n(0, 4), n(5, 7), n(8, 10));
    // days from civil (Hinnant): years begin in March
    let y = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = 365 * y + y / 4 - y / 100 + y / 400 + day_of_year - 719_468;
    days * 86_400 + n(11, 13) * 3_600 + n(14, 16) * 60 + n(17, 19)
}

fn numbered(mut train: Vec<Invoice>, test: &[Invoice]) -> Split {
    train.sort_by_key(|i| i.at);
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut visits = Vec::new();
    for invoice in train {
        let number = |code: String| {
            let next = numbers.len() as u32;
            *numbers.entry(code).or_insert(next)
        };
        visits.push(Visit {
            hour: (invoice.at / 3_600) as u32,
            items: invoice.codes.into_iter().map(number).collect(),
        });
    }
    let mut questions = Vec::new();
    for invoice in test {
        let items: Vec<u32> = invoice.codes.iter().filter_map(|code| numbers.get(code).copied()).collect();
        questions.extend((1..items.len().min(20)).map(|n| (items[..n].to_vec(), items[n..].to_vec())));
    }
    Split { train: visits, questions }
}
