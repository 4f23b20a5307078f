//! What the workers of a strategy are started with.

use std::{sync::Arc, time::Duration};

use jardin_contract::{Clock, Params};

use super::{
    spawner::{Spawner, WorkerLimits},
    worker_stats::WorkerStats,
};
use crate::plugin_file::{PluginFile, manifest::Manifest};

/// What the workers of a strategy are started with, and where they are counted.
pub(crate) struct WorkerSpec {
    pub(crate) file: PluginFile,
    pub(crate) spawner: Spawner,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) params: Params,
    /// How long an answer may take.
    pub(crate) time: Duration,
    pub(crate) limits: WorkerLimits,
    /// True where the strategy is granted a field of a person or a visit: two people never travel together then,
    /// so that the plugin cannot compare them within a call.
    pub(crate) one_person_a_frame: bool,
    pub(crate) stats: Arc<WorkerStats>,
}

impl WorkerSpec {
    pub(crate) const fn manifest(&self) -> &Manifest {
        &self.file.manifest
    }
}
