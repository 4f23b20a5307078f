//! What a call says of the person beside what is stored: it narrows and never widens. Lists and events are read by the
//! same words.

use std::{collections::BTreeMap, sync::Arc};

use jardin_engine::{Fields, PrivacySignals};
use serde_json::Value;

use crate::{
    body::Object,
    field::{Field, Shape, ValueKind},
};

pub(super) const CONSENT: Field = Field::optional(
    "consent",
    ValueKind::Map(&ValueKind::Flag),
    "answers to consent questions; `false` narrows, `true` changes nothing",
)
.such_as(r#"{"personalisation":false}"#);

pub(super) const OBJECTED: Field =
    Field::optional("objected", ValueKind::Flag, "the person objects; narrows only").such_as("false");

pub(super) const SIGNALS: Field = Field::optional(
    "signals",
    ValueKind::Object(&SIGNAL_FIELDS),
    "privacy signals of the browser; narrow only",
);

const SIGNAL_FIELDS: Shape = Shape {
    name: "PrivacySignals",
    says: "What a browser or a consent banner says; the stricter wins.",
    fields: &[
        Field::optional("gpc", ValueKind::Flag, "Global Privacy Control, as the header `Sec-GPC`"),
        Field::optional("tcf", ValueKind::Text, "a TCF string; one that cannot be read refuses")
            .such_as(r#""CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA""#),
        Field::optional(
            "consent_mode",
            ValueKind::Map(&ValueKind::OneOf(&[ValueKind::Text, ValueKind::Flag])),
            "Google's consent mode: `granted` or `denied` by key",
        )
        .such_as(r#"{"personalization_storage":"denied"}"#),
    ],
    open: false,
};

/// What a body says, and the header: `gpc` is what that says.
pub(super) fn read_narrowing(body: &mut Object, gpc: bool) -> PrivacySignals {
    let mut signals = body.take_object("signals").unwrap_or_default();
    PrivacySignals {
        consent: read_flags(body.take_map("consent").unwrap_or_default()),
        objected: body.take_flag("objected").unwrap_or(false),
        gpc: gpc || signals.take_flag("gpc").unwrap_or(false),
        tcf: signals.take_text("tcf").map(Arc::from),
        consent_mode: read_flags(signals.take_map("consent_mode").unwrap_or_default()),
    }
}

/// Google writes `granted` and `denied`; anything but a yes is a no.
fn read_flags(map: Fields) -> BTreeMap<Arc<str>, bool> {
    let is_yes = |value: &Value| value.as_bool() == Some(true) || value.as_str() == Some("granted");
    map.into_iter().map(|(key, value)| (Arc::from(key), is_yes(&value))).collect()
}
