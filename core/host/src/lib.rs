//! The shop folder and the running shop.
//!
//! What it is not: it prints nothing, ends no process and knows no arguments. What there is to tell comes back
//! as values ([`Notice`], [`CheckedShop`], [`HostError`]), and whoever asked decides where it is shown.
//!
//! Invariants
//! - [`ShopFolder`] is the one reader of a shop folder, [`strategy_files`] the one walk over the files of its
//!   strategies: what is checked, pinned and loaded is the same file.
//! - One process at a time opens a store.
//!
//! ```
//! use jardin_host::ShopFolder;
//! // a folder without jardin.toml is taken as it is: a policy stands by itself
//! let folder = ShopFolder::open("no-such-shop".as_ref(), "jardin".as_ref()).unwrap();
//! assert!(folder.policy_path().ends_with("policy.toml"));
//! assert!(folder.policy_text().is_err());
//! ```
#![deny(clippy::print_stdout, clippy::print_stderr)]

mod approval_file;
mod begun_policy;
mod breach;
mod check;
pub mod codes;
mod control;
mod decisions;
mod error;
pub mod evaluation;
mod file_reads;
mod folder_act;
mod history;
mod host;
mod import;
mod import_answers;
mod import_items;
mod items_beside;
mod key_file;
mod last_policy;
mod list_changes;
mod loader;
mod machine_clock;
mod master_key;
mod notice;
mod observed;
mod origins;
mod policy_approval;
mod preview;
mod read_value;
mod reload;
mod server_config;
mod server_in_force;
mod server_keys;
mod shop_audit;
mod shop_content;
mod shop_folder;
mod store;
mod store_of_shop;
mod stored;
mod strategy_files;
mod tls_files;
pub mod trial;
mod unreviewed;
mod watch;

pub use approval_file::{ApprovalFile, RecordedApproval, approver_block};
pub use check::{CheckedFile, CheckedShop};
pub use codes::{codes_and_verdicts_page, every_code};
pub use control::{ControlClient, ControlSocket, OpenShop, control_socket_path, open, reach_store};
pub use error::{HostError, counted};
pub use file_reads::{file_reads, not_pinned, over_granted};
pub use folder_act::FolderAct;
pub use history::{history_path, read_history};
pub use host::{Host, StartOptions};
pub use import::{EventsTaken, ShopImport};
pub use import_answers::{AnswerFate, answer_time};
pub use import_items::{ItemsTaken, RowFault};
pub use key_file::{KeyFile, KeyFileError, key_block};
pub use list_changes::{ListChange, compare_lists};
pub use loader::Loader;
pub use machine_clock::MachineClock;
pub use master_key::MasterKeyPlace;
pub use notice::Notice;
pub use observed::{observed_path, observed_reads};
pub use policy_approval::AwaitedApproval;
pub use read_value::{escape_controls, show_read_value};
pub use reload::FolderReload;
pub use server_config::{ServerConfig, Unapproved};
pub use server_in_force::ServerRulesHook;
pub use shop_audit::{ShopAudit, audit_path, decisions_path};
pub use shop_content::ShopContent;
pub use shop_folder::{ShopFolder, SourceText, read_lock, read_regular_file};
pub use store::{StoreConfig, open_store};
pub use store_of_shop::StoreOfShop;
pub use strategy_files::{Draft, ScriptSettings, StrategyFile, strategy_files};
pub use tls_files::TlsFiles;
pub use watch::FolderWatch;
