//! What a worker is told beside requests.

use std::sync::Arc;

use jardin_abi::Frame;
use jardin_contract::Failure;
use jardin_policy::View;
use tokio::sync::oneshot;

pub(crate) type Reply<T> = oneshot::Sender<Result<T, Failure>>;

/// What a worker is told beside requests.
pub(crate) enum WorkerUpdate {
    /// A new state of the catalogue.
    Catalogue {
        view: Arc<View>,
        reply: Reply<()>,
    },
    Observe {
        generation: u64,
        message: Frame,
        reply: Reply<()>,
    },
    Forget {
        generation: u64,
        message: Frame,
        reply: Reply<()>,
    },
}

impl WorkerUpdate {
    pub(super) fn refuse(self, failure: Failure) {
        let (Self::Catalogue { reply, .. } | Self::Observe { reply, .. } | Self::Forget { reply, .. }) = self;
        let _ = reply.send(Err(failure));
    }
}
