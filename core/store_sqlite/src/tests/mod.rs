//! Tests that need to look inside.

mod backup;
mod erasure;
mod random_use;
mod recovery;
mod refusals;
mod writing;

use std::sync::Arc;

use jardin_contract::Store;
use jardin_model::{SessionId, SubjectId};
use jardin_store_kit::store_laws;

use crate::{Options, SqliteStore};

fn new_store() -> impl AsyncFn() -> Arc<dyn Store> {
    let folder = tempfile::tempdir().unwrap();
    async move || Arc::new(SqliteStore::open(folder.path(), Options::default()).unwrap()) as Arc<dyn Store>
}

store_laws!(new_store);

fn subject(id: &str) -> SubjectId {
    SubjectId::new(id).unwrap()
}

fn session(id: &str) -> SessionId {
    SessionId::new(id).unwrap()
}
