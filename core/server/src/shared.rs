//! What every call of a server reaches.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use arc_swap::ArcSwap;
use jardin_contract::{AuditLog, HostControl};
use jardin_engine::Engine;

use crate::{
    policy_page::PageWriter, problem::HttpProblem, program::Program, reply::Outcome, rules::ServerRules,
};

/// What every call of a server reaches.
pub(crate) struct Shared {
    pub(crate) engine: Arc<Engine>,
    pub(crate) rules: Arc<ArcSwap<ServerRules>>,
    pub(crate) program: Program,
    /// Where acts are recorded.
    pub(crate) audit: Option<Arc<dyn AuditLog>>,
    /// The shop as a whole, where there is one.
    pub(crate) host: Option<Arc<dyn HostControl>>,
    /// Who writes pages about the policy.
    pub(crate) page_writer: Option<PageWriter>,
    requests: AtomicU64,
    in_flight: AtomicUsize,
    for_another: AtomicU64,
}

impl Shared {
    pub(crate) fn new(engine: Arc<Engine>, rules: Arc<ArcSwap<ServerRules>>, program: Program) -> Self {
        let (requests, in_flight, for_another) = Default::default();
        Self {
            engine,
            rules,
            program,
            audit: None,
            host: None,
            page_writer: None,
            requests,
            in_flight,
            for_another,
        }
    }

    /// The same for a new server, with a log of acts.
    pub(crate) fn with_audit(&self, audit: Arc<dyn AuditLog>) -> Self {
        Self { audit: Some(audit), ..self.begun_anew() }
    }

    /// The same for a new server of a shop as a whole.
    pub(crate) fn with_host(&self, host: Arc<dyn HostControl>) -> Self {
        Self { host: Some(host), ..self.begun_anew() }
    }

    /// The same for a new server, with whoever writes the pages about the policy.
    pub(crate) fn with_page_writer(&self, writer: PageWriter) -> Self {
        Self { page_writer: Some(writer), ..self.begun_anew() }
    }

    /// The same parts; nothing is counted yet.
    fn begun_anew(&self) -> Self {
        let anew = Self::new(Arc::clone(&self.engine), Arc::clone(&self.rules), self.program);
        Self { audit: self.audit.clone(), host: self.host.clone(), page_writer: self.page_writer, ..anew }
    }

    /// Counts a page token that was sent for somebody else: a fault of a page, or an attack.
    pub(crate) fn count_outcome(&self, outcome: &Outcome) {
        if matches!(outcome, Err(HttpProblem::ForAnother)) {
            self.for_another.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The server's own counts since its start.
    pub(crate) fn counters(&self) -> [(&'static str, u64); 1] {
        [("tokens-for-another", self.for_another.load(Ordering::Relaxed))]
    }

    /// Whether more than three quarters of the places for requests are taken: lists are made without the person then,
    /// before anybody is refused one.
    pub(crate) fn is_crowded(&self) -> bool {
        let most = self.rules.load().limits.in_flight;
        self.in_flight.load(Ordering::Acquire) > most - most / 4
    }

    /// An id for the next request; it says nothing but how many came before.
    pub(crate) fn next_request_id(&self) -> String {
        format!("r{}", self.requests.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// A place among the requests that are answered at once; it is given back at the end.
pub(crate) struct Place(Arc<Shared>);

impl Place {
    /// Takes a place, where fewer than `most` are taken.
    pub(crate) fn take(shared: &Arc<Shared>, most: usize) -> Result<Self, HttpProblem> {
        let place = Self(Arc::clone(shared));
        let taken = shared.in_flight.fetch_add(1, Ordering::AcqRel);
        if taken < most { Ok(place) } else { Err(HttpProblem::Busy) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::AcqRel);
    }
}
