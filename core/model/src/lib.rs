//! The plain data of a shop: ids, values, items, events, what is stored about a person, and the catalogue.
//!
//! What it is not: no policy, no I/O, no clock. Nothing here decides who may read what; `jardin-policy` does.
//!
//! Invariants
//! - An id is non-empty, at most [`ID_BYTES`] bytes of UTF-8, and holds no control character.
//! - An [`ItemIndex`] is given once to an item id and never reused ([`Catalogue`]).
//! - Money is exact: an integer of ten-thousandths of the shop's currency.
//!
//! ```
//! use jardin_model::{Money, Timestamp};
//! assert_eq!("129.90".parse::<Money>().unwrap().ten_thousandths(), 1_299_000);
//! assert_eq!(Timestamp::parse("2026-11-20T10:00:00Z").unwrap().to_string(), "2026-11-20T10:00:00Z");
//! ```

mod catalogue;
mod currency;
mod event;
mod field;
mod id;
mod item;
mod money;
mod own_choice;
mod strict_json;
mod subject;
mod time;
mod value;

pub use catalogue::{
    CHUNK_ROWS, Catalogue, Cell, Chunk, ColumnKind, ColumnSpec, ColumnView, Dictionary, ItemIds,
    ItemNumbering, Row, Schema, Symbol,
};
pub use currency::Currency;
pub use event::{Event, EventKind, HistoryEvent, HistoryLine, Line};
pub use field::{FieldPath, Namespace, ParseFieldPathError};
pub use id::{EventId, ID_BYTES, IdError, ItemId, RecommendationId, SessionId, SubjectId};
pub use item::{Item, ItemChange, ItemIndex};
pub use money::{Money, ParseMoneyError};
pub use own_choice::{OWN_CHOICE_PREFIX, OwnSwitch, dismissed_items, item_choice_name};
pub use strict_json::{JsonError, REPEATED_KEY, read_json};
pub use subject::{Choice, ChoiceStatus, PersonNumber, SessionRecord, StoredValue, SubjectRecord};
pub use time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, TimeError, Timestamp, Zone};
pub use value::{FieldType, Value};

pub use jiff::civil::Date;
