//! The main parameters of recommendations, in plain words (Digital Services Act, Art. 27).

use super::{data_of, words::words};
use crate::{
    Policy,
    tools::sheet::Sheet,
    valid::{Basis, PurposeId, StopSignal},
};

pub(super) fn sheet(policy: &Policy, language: &str) -> Sheet {
    let (valid, words) = (policy.valid(), words(language));
    let mut sheet = Sheet::new(words.parameters, language);
    sheet.text(words.parameters_intro);
    let rows = valid.purposes.iter().enumerate().map(|(n, purpose)| {
        let mut data: Vec<String> = data_of(valid, PurposeId(n))
            .iter()
            .map(|(f, form)| format!("{}: {form}", f.path))
            .collect();
        if data.is_empty() {
            data.push(words.none.to_owned());
        }
        let mut change: Vec<String> = Vec::new();
        if purpose.basis == Basis::Consent {
            change.push(words.with_consent.to_owned());
        }
        change.extend(purpose.stop_if.iter().map(|s| match s {
            StopSignal::Objection => s.word().to_owned(),
            StopSignal::GlobalPrivacyControl => "Global Privacy Control".to_owned(),
        }));
        let says = purpose
            .says
            .for_locale(Some(language), &valid.languages)
            .map(ToString::to_string)
            .unwrap_or_default();
        vec![
            says,
            data.join("; "),
            if change.is_empty() { "–".to_owned() } else { change.join("; ") },
        ]
    });
    sheet.table(&words.head, rows.collect());
    sheet.text(words.prices);
    sheet
}
