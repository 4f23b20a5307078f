//! Subject, session and context, as scripts see them.

use std::sync::Arc;

use jardin_model::Namespace;
use jardin_script_check::Granted;
use rhai::Dynamic;

use super::{Request, request::Outcome};

/// The granted fields of one namespace.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    request: Arc<Request>,
    granted: Arc<Granted>,
    namespace: Namespace,
}

impl Person {
    /// The fields of a namespace.
    pub(crate) fn new(request: &Arc<Request>, granted: &Arc<Granted>, namespace: Namespace) -> Self {
        Self { request: Arc::clone(request), granted: Arc::clone(granted), namespace }
    }

    /// A granted field.
    pub(crate) fn field(&self, name: &str) -> Outcome<Dynamic> {
        let is_item = self.granted.is_item(self.namespace, name);
        self.request.person_field(self.namespace, name, is_item)
    }
}
