//! What the workers of a strategy are started with.

use std::{sync::Arc, time::Duration};

use jardin_contract::{Clock, Params};

use crate::{Manifest, PluginFile, Spawner, shown::Shown, spawn::How};

/// What the workers of a strategy are started with, and where they are counted.
pub(crate) struct Setting {
    pub(crate) file: PluginFile,
    pub(crate) spawner: Spawner,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) params: Params,
    /// How long an answer may take.
    pub(crate) time: Duration,
    pub(crate) how: How,
    pub(crate) shown: Arc<Shown>,
}

impl Setting {
    pub(crate) const fn manifest(&self) -> &Manifest {
        &self.file.manifest
    }
}
