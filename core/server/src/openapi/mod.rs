//! The pages about the API, printed from the table of routes.

mod document;
mod page;
mod schema;

pub use document::openapi;
pub use page::route_table;
