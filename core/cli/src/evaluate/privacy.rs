//! What each grant is worth: the same evaluation with one of them taken away, and with fewer people who agree
//! to be learned from.

use anyhow::{Context as _, anyhow};
use jardin_evaluate::{Line, Question, Session, Shares};
use jardin_host::evaluation::ThrowawayShop;
use jardin_model::{Choice, ChoiceStatus, SubjectId, Timestamp};

use super::{
    EvaluateArgs,
    table::{self, Teaching},
};

/// The share of people who agree, in per cent.
pub(super) const RATES: [u32; 5] = [0, 25, 50, 75, 100];

/// A change of the policy: its name, and what is taken out of the strategy's lines.
const GRANTS: [(&str, &str); 3] = [
    ("without session.basket", "\"session.basket\" = \"exact\", "),
    ("without context.page_item", "\"context.page_item\" = \"exact\""),
    ("without the basket and the page", "\"session.basket\" = \"exact\", \"context.page_item\" = \"exact\""),
];

/// Where learning rests on consent instead of on legitimate interests.
const BY_INTEREST: &str = "basis     = \"legitimate interests\"\ninterest  = { en = \"To know which products go together.\" }\nbalance   = \"LIA-EVALUATE-2\"\n";
const BY_CONSENT: &str = "basis     = \"consent\"\nneeds     = [\"improvement\"]\ndevice    = \"consent\"\n";
const QUESTION: &str =
    "[consents.improvement]\ntexts = [\"1\"]\nlasts = \"20 years\"\n[purposes.shop-window]";

/// The same questions for the first strategy under each change.
pub(super) fn price(
    args: &EvaluateArgs,
    strategy: &str,
    settings: &[(String, String)],
    sessions: &[Session],
    questions: &[Question],
    shares: &Shares,
) -> anyhow::Result<Vec<Line>> {
    let names = [strategy.to_owned()];
    let (config, whole) =
        (table::config(args, &names, settings), table::policy_of(&names, args.at_least_people));
    let mut lines = Vec::new();
    let mut measure = |name: String, teaching: &Teaching<'_>| {
        let shop = table::start_taught_shop(&config, teaching)?;
        let line = table::line(&shop, strategy, questions, usize::from(args.k), shares, &mut |_| {})?;
        lines.push(Line { name, ..line });
        anyhow::Ok(())
    };
    for (name, grant) in GRANTS {
        if let Some(policy) = without(&whole, strategy, grant)? {
            measure(name.to_owned(), &Teaching { policy: &policy, sessions, consent: None })?;
        }
    }
    let policy = replaced(&replaced(&whole, BY_INTEREST, BY_CONSENT)?, "[purposes.shop-window]", QUESTION)?;
    for rate in RATES {
        let teaching = Teaching { policy: &policy, sessions, consent: Some(rate) };
        measure(format!("{rate} % agree to be learned from"), &teaching)?;
    }
    Ok(lines)
}

/// The policy without a grant of one strategy; `None` where it has no such grant.
fn without(policy: &str, strategy: &str, grant: &str) -> anyhow::Result<Option<String>> {
    let head = format!("[strategies.{strategy}]");
    let (before, rest) =
        policy.split_once(&head).with_context(|| format!("the policy has no strategy `{strategy}`"))?;
    let end = rest.find("\n[").unwrap_or(rest.len());
    let (own, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if !own.contains(grant) {
        return Ok(None);
    }
    // a comma may be left over on either side
    let own = own.replacen(grant, "", 1).replace(", , ", ", ").replace(",  }", " }").replace(", }", " }");
    Ok(Some(format!("{before}{head}{own}{after}")))
}

fn replaced(text: &str, from: &str, to: &str) -> anyhow::Result<String> {
    if text.contains(from) {
        Ok(text.replacen(from, to, 1))
    } else {
        Err(anyhow!("the built-in policy has another shape"))
    }
}

/// The person of the n-th session.
pub(super) fn person(n: usize) -> String {
    format!("person-{n}")
}

/// True for `rate` per cent of all people, the same ones on every run, and at a higher rate those of every
/// lower one as well.
pub(super) fn agrees(n: usize, rate: u32) -> bool {
    // the fractional parts of multiples of the golden ratio are spread evenly (Weyl)
    let spread = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    spread * 100 < u64::from(rate) << 32
}

/// Records what people answered, just before what they did.
pub(super) fn record(shop: &ThrowawayShop, sessions: &[Session], rate: u32) -> anyhow::Result<usize> {
    let mut agreed = 0;
    shop.runtime.block_on(async {
        let import = shop.host.store.begin_import().await?;
        for (n, session) in sessions.iter().enumerate().filter(|(n, _)| agrees(*n, rate)) {
            let choice = Choice {
                status: ChoiceStatus::Granted,
                text_version: "1".into(),
                at: Timestamp::from_ms(session.at.saturating_mul(1000).saturating_sub(1)),
                source: "evaluation".into(),
            };
            let id = SubjectId::new(&person(n)).context("a person has no id")?;
            shop.host.store.put_choice(&id, "improvement", choice).await?;
            agreed += 1;
        }
        import.commit().await?;
        anyhow::Ok(())
    })?;
    Ok(agreed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_agree_as_the_rate_says_and_more_at_a_higher_one() {
        for rate in RATES {
            let count = (0..10_000).filter(|n| agrees(*n, rate)).count();
            assert!(count.abs_diff(rate as usize * 100) < 20, "{count} at {rate} %");
        }
        assert!((0..1_000).filter(|n| agrees(*n, 25)).all(|n| agrees(n, 50)));
    }

    #[test]
    fn every_change_leaves_a_policy_that_loads() {
        let policies =
            GRANTS.iter().map(|(_, grant)| without(table::POLICY, "session-knn", grant).unwrap().unwrap());
        let consent = replaced(
            &replaced(table::POLICY, BY_INTEREST, BY_CONSENT).unwrap(),
            "[purposes.shop-window]",
            QUESTION,
        )
        .unwrap();
        for policy in policies.chain([consent, table::POLICY.to_owned()]) {
            let loaded = jardin_policy::Policy::load("policy.toml", &policy);
            assert!(loaded.is_ok(), "{}", loaded.err().map(|r| r.rendered()).unwrap_or_default());
        }
    }

    #[test]
    fn a_grant_is_taken_from_its_strategy_alone() {
        let policy =
            without(table::POLICY, "session-knn", "\"session.basket\" = \"exact\", ").unwrap().unwrap();
        let count = |text: &str| text.matches("\"session.basket\" = \"exact\"").count();
        assert_eq!(count(&policy) + 1, count(table::POLICY));
        assert_eq!(without(table::POLICY, "popular-now", "\"session.basket\" = \"exact\"").unwrap(), None);
    }
}
