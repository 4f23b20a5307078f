//! The control socket: how a command reaches the shop that runs on its data folder.

mod client;
mod commands;
mod open;
mod socket;

pub use client::ControlClient;
pub(crate) use open::running_shop;
pub use open::{OpenShop, open, reach_store};
pub use socket::{ControlSocket, control_socket_path};
