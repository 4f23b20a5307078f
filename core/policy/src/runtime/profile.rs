//! Everything that is known for one request, before any grant.

use std::sync::Arc;

use jardin_model::{SessionRecord, SubjectId, SubjectRecord, Value};

use crate::rules::FieldId;

/// Everything that is known for one request, before any grant. No strategy sees it: it goes into
/// [`super::Grant::view`].
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// The person's own id, where her record exists.
    pub subject_id: Option<SubjectId>,
    /// What is stored of her.
    pub subject: Option<Arc<SubjectRecord>>,
    /// What is stored of the visit.
    pub session: Option<Arc<SessionRecord>>,
    /// What came with the request for declared session and context fields; of the declared type.
    pub sent: Vec<(FieldId, Value)>,
}

impl Profile {
    pub(crate) fn sent(&self, field: FieldId) -> Option<&Value> {
        self.sent.iter().find(|(id, _)| *id == field).map(|(_, value)| value)
    }
}
