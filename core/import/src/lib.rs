//! Events and catalogues from files, in the shapes in which shops have them.
//!
//! What it is not: it knows no policy and no store. It turns bytes into JSON values of the HTTP API's shapes,
//! in batches, and says which lines are wrong; whoever calls it admits and stores them.
//!
//! Invariants
//! - A bad row is named by its line and stops nothing. No id of a person stands in what is said about it.
//! - The same file gives the same event ids, so that a repeat is recognised.
//! - Memory is bounded by a line of 1 MiB, a batch, and for the CSV by 64 open invoices and the products of
//!   the file.
//!
//! ```
//! let file = b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
//!     1001,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n";
//! let mut batches = Vec::new();
//! let summary = jardin_import::online_retail(&file[..], &mut |batch| { batches.push(batch); Ok(()) }).unwrap();
//! assert_eq!((summary.rows, summary.events, summary.items), (1, 1, 1));
//! ```

mod batch;
mod column_map;
mod delimited;
mod error;
mod fingerprint;
mod google;
mod head;
mod json_ld;
mod json_lines;
mod json_values;
mod lines;
mod online_retail;
mod open;
mod options;
mod price;
mod products;
mod shape;
mod shopify;
mod summary;
mod tracking;
mod woocommerce;

pub use batch::{Batch, Sink};
pub use column_map::{ColumnMap, MapError};
pub use error::ImportError;
pub use json_lines::{JSON_LIST, is_json_list, json_lines, read_row};
pub use online_retail::online_retail;
pub use open::{Opened, open, open_stream};
pub use options::{ItemLevel, ReadOptions};
pub use price::Locale;
pub use shape::FileShape;
pub use summary::{BadRow, MappedColumn, Summary};
