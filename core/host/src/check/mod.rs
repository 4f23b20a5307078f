//! What is found in a shop folder.

mod checked_shop;
mod folder;
mod scripts;

pub use checked_shop::{CheckedFile, CheckedShop};
