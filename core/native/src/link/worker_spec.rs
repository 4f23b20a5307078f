//! What the workers of a strategy are started with.

use std::{sync::Arc, time::Duration};

use jardin_contract::{Clock, Params};
use jardin_policy::rules::PeopleRule;

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
    /// How long it may take to say hello, to take its settings or a part of the catalogue, to learn or to forget.
    pub(crate) setup_time: Duration,
    pub(crate) limits: WorkerLimits,
    /// True where the strategy is granted a field of a person or a visit: two people never travel together then,
    /// so that the plugin cannot compare them within a call.
    pub(crate) one_person_a_frame: bool,
    /// How people are counted, where the strategy learns.
    pub(crate) people: Option<PeopleRule>,
    pub(crate) stats: Arc<WorkerStats>,
}

impl WorkerSpec {
    /// The same for workers that may take their time, and are counted apart.
    pub(crate) fn unhurried(&self, time: Duration) -> Self {
        Self {
            file: self.file.clone(),
            spawner: self.spawner.clone(),
            clock: Arc::clone(&self.clock),
            params: self.params.clone(),
            time,
            setup_time: time,
            limits: WorkerLimits { is_unhurried: true, ..self.limits },
            one_person_a_frame: self.one_person_a_frame,
            people: self.people,
            stats: WorkerStats::new(),
        }
    }

    pub(crate) const fn manifest(&self) -> &Manifest {
        &self.file.manifest
    }
}
