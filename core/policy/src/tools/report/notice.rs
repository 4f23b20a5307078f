//! The shopper's notice (GDPR Art. 13, 14, 21(4)).

use super::{data_of, kept, words::words};
use crate::{
    Policy,
    tools::sheet::Sheet,
    valid::{Basis, PurposeId},
};

pub(super) fn sheet(policy: &Policy, language: &str) -> Sheet {
    let (valid, words) = (policy.valid(), words(language));
    let mut sheet = Sheet::new(words.notice, language);
    sheet.heading(words.who);
    let mut who = vec![valid.controller.to_string(), valid.contact.to_string()];
    who.extend(valid.record.dpo.iter().map(ToString::to_string));
    sheet.list(who);
    sheet.heading(words.what_for);
    for (n, purpose) in valid.purposes.iter().enumerate() {
        let text = |texts: &crate::valid::Texts| {
            texts
                .for_locale(Some(language), &valid.languages)
                .map(ToString::to_string)
                .unwrap_or_default()
        };
        sheet.text(text(&purpose.says));
        let mut said = match purpose.basis {
            Basis::NothingRead => vec![words.nothing.to_owned()],
            Basis::Consent => vec![words.with_consent.to_owned()],
            Basis::LegitimateInterests => vec![format!(
                "{} {}",
                words.by_interest,
                purpose.interest.as_ref().map(text).unwrap_or_default()
            )],
        };
        if purpose.profiling {
            said.push(words.profiling.to_owned());
        }
        let mut data: Vec<String> = data_of(valid, PurposeId(n))
            .iter()
            .map(|(f, _)| format!("{} ({} {})", f.path, words.kept, kept(f, valid)))
            .collect();
        data.dedup();
        if !data.is_empty() {
            said.push(format!("{}: {}", words.data, data.join("; ")));
        }
        sheet.list(said);
    }
    let never: Vec<String> = valid
        .never
        .items
        .iter()
        .flat_map(|(_, values)| values.iter().map(ToString::to_string))
        .collect();
    if !never.is_empty() {
        sheet.heading(words.never);
        sheet.list(never);
    }
    if let Some(children) = &valid.children {
        sheet.text(format!("{} {}", words.children, children.under));
    }
    sheet.heading(words.rights);
    sheet.list(words.rights_list.iter().map(|r| (*r).to_owned()).collect());
    if let Some(authority) = &valid.record.authority {
        sheet.text(format!("{} {authority}", words.complain));
    }
    sheet
}
