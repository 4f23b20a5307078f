//! What the tests share: a shop folder, a server started on a free port, and a client.

mod client;
mod clock;
mod folder;
mod named_tests;
mod policy;
mod server;

pub use client::{Answer, Client};
pub use clock::now_text;
pub use folder::{copy_folder, example, program, unhurried};
pub use named_tests::{names_without_test, quoted_in};
pub use policy::shop_window;
pub use server::Server;
