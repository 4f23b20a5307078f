//! What is found in a shop folder.

mod checked_shop;
mod folder;
mod items;
mod known_items;
mod plugins;
mod scripts;
mod shares;

pub use checked_shop::{CheckedFile, CheckedShop};
