//! Identifiers as shops write them.

use std::{fmt, sync::Arc};

/// The longest id that is taken, in bytes.
pub const ID_BYTES: usize = 256;

/// Why a text is not a valid id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text has no character.
    #[error("an id is empty")]
    Empty,
    /// The text is longer than [`ID_BYTES`].
    #[error("an id is longer than {ID_BYTES} bytes")]
    TooLong,
    /// The text has a control character.
    #[error("an id holds a control character")]
    Control,
}

fn check_id(text: &str) -> Result<Arc<str>, IdError> {
    if text.is_empty() {
        Err(IdError::Empty)
    } else if text.len() > ID_BYTES {
        Err(IdError::TooLong)
    } else if text.chars().any(char::is_control) {
        Err(IdError::Control)
    } else {
        Ok(text.into())
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, debug = $debug:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks a text as an id.
            ///
            /// # Errors
            /// [`IdError`] where it is empty, too long or holds a control character.
            pub fn new(text: &str) -> Result<Self, IdError> {
                check_id(text).map(Self)
            }

            /// The id as the shop wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The shared text itself, without a copy.
            #[must_use]
            pub fn shared(&self) -> Arc<str> {
                Arc::clone(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let shown: fn(&str) -> String = $debug;
                write!(f, concat!(stringify!($name), "({})"), shown(&self.0))
            }
        }
    };
}

id!(
    /// A product of the catalogue.
    ItemId, debug = |id| format!("{id:?}")
);
id!(
    /// A person as the shop names them. Its `Debug` hides the text, so that no log can repeat it.
    SubjectId, debug = |_| "…".to_owned()
);
id!(
    /// A visit as the shop names it. Its `Debug` hides the text, so that no log can repeat it.
    SessionId, debug = |_| "…".to_owned()
);
id!(
    /// An event as the shop names it; a repeat within seven days is recognised by it.
    EventId, debug = |id| format!("{id:?}")
);
id!(
    /// One answer; an event may name the one that led to it.
    RecommendationId, debug = |id| format!("{id:?}")
);
