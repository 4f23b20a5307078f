//! What the audit of a shop is told, and goes by.

use std::sync::Arc;

use jardin_contract::AuditLog;

use super::Engine;

impl Engine {
    /// From now on what is decided by looking at somebody is recorded there, where the policy says so.
    pub fn record_decisions(&self, audit: Arc<dyn AuditLog>) {
        self.subsystems.recommender.record_decisions(audit);
    }

    /// Looks at the clock; true where what it says is too old may be removed. One that leapt destroys nothing.
    pub async fn may_remove_old(&self) -> bool {
        self.subsystems.clock_watch.may_destroy().await
    }
}
