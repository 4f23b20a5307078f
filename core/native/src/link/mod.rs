//! One worker as the host sees it: how it is started, what is said to it, and what was heard of it.

pub(crate) mod batch_size;
pub(crate) mod channel;
pub(crate) mod cpu_affinity;
pub(crate) mod cpu_watch;
pub(crate) mod fault;
pub(crate) mod frames;
pub(crate) mod latency_histogram;
pub(crate) mod message;
pub(crate) mod sequence_numbers;
pub(crate) mod spawner;
pub(crate) mod worker_handle;
pub(crate) mod worker_spec;
pub(crate) mod worker_stats;
