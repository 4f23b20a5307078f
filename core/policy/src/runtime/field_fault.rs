//! What is wrong with one field at a door.

use std::{fmt, sync::Arc};

use jardin_model::{FieldPath, Namespace};

use crate::rules::FieldRule;

/// What is wrong with one field of what a door was offered: which field, the form that is expected, and a fixed
/// example. Nothing of what was sent is repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    name: Arc<str>,
    form: String,
    example: String,
    is_missing: bool,
}

impl FieldFault {
    /// The field must be there and is not.
    #[must_use]
    pub fn missing(field: &FieldRule) -> Self {
        Self { is_missing: true, ..Self::unreadable(field) }
    }

    /// The field holds what cannot be read as its form.
    #[must_use]
    pub fn unreadable(field: &FieldRule) -> Self {
        Self {
            name: Arc::clone(&field.path.name),
            form: field.form(),
            example: field.example(),
            is_missing: false,
        }
    }

    /// The fault of the field as it is called among those of other namespaces, such as `context.page_item`.
    #[must_use]
    pub fn with_namespace(self, namespace: Namespace) -> Self {
        Self { name: FieldPath::new(namespace, &self.name).to_string().into(), ..self }
    }

    /// The field's name, within its namespace unless that was asked for.
    #[must_use]
    pub const fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// True where the field must be there and is not; false where it cannot be read.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        self.is_missing
    }
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, form, example, is_missing } = self;
        let verb = if *is_missing { "is missing; it must be" } else { "must be" };
        write!(f, "`{name}` {verb} {form}, for example {example}")
    }
}
