//! What a script is handed: objects that give granted fields and take effects, and nothing else.

mod candidates;
mod item;
mod items;
mod page;
mod person;
mod register;
mod request;
mod settings;
mod sources;
mod value;
mod words;

pub(crate) use candidates::Candidates;
pub(crate) use item::Item;
pub(crate) use items::{Event, Events, Items};
pub(crate) use page::Page;
pub(crate) use person::Person;
pub(crate) use register::register_language;
pub(crate) use request::{Request, clamp_factor};
pub(crate) use settings::{List, Table};
pub(crate) use sources::{Asked, Plan};
pub(crate) use value::{Day, Moment, Now, Texts, days_since, text_value};
