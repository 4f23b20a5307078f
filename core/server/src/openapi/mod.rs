//! The pages about the API, printed from the table of routes.

mod document;
mod html;
mod page;
mod schema;

pub use document::openapi;
pub(crate) use html::docs_page;
pub use page::route_table;
