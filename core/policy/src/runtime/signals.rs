//! What a request says beside the stored record.

use std::{collections::BTreeMap, sync::Arc};

use crate::rules::FieldId;

/// What a request says beside the stored record. It can only narrow.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Signals {
    /// `Sec-GPC: 1` came with the request.
    pub gpc: bool,
    /// The publisher purposes that a TCF string allows; `None` where no string came.
    pub tcf_publisher_purposes: Option<Vec<u8>>,
    /// Google consent mode: key to granted or not.
    pub consent_mode: BTreeMap<Arc<str>, bool>,
    /// Answers that the request repeats; a yes changes nothing.
    pub consent: BTreeMap<Arc<str>, bool>,
    /// The request objects.
    pub objected: bool,
    /// Context flags that came with the request, of those that make everybody a child.
    pub context_flags: Vec<FieldId>,
    /// The country that the page says, where an age of consent depends on it.
    pub country: Option<Arc<str>>,
    /// The clock stepped back against the last durable time: no consent can be trusted to be fresh.
    pub clock_stepped_back: bool,
}
