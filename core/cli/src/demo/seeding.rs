//! Filling the demo's store.

use std::sync::Arc;

use anyhow::anyhow;
use jardin_engine::PrivacySignals;
use jardin_host::Host;
use jardin_model::{Choice, ChoiceStatus, DAY_MS, SubjectId, Timestamp};
use serde_json::json;

use super::{
    shop,
    shoppers::{Shopper, shoppers},
};

/// Items, people with their answers to the questions, and what they did.
pub(super) async fn fill(host: &Host, now: Timestamp) -> anyhow::Result<()> {
    let items = shop::items()?;
    let shoppers = shoppers(&items, now);
    let refused = |p: jardin_engine::Problem| anyhow!("the demo cannot be filled: {p}");
    let receipt = host.engine.put_items(items).await.map_err(refused)?;
    if let Some(first) = receipt.rejected.first() {
        return Err(anyhow!(
            "item {} of the demo is refused: {} {:?}",
            first.index,
            first.problem,
            first.names
        ));
    }
    // one step, so that an interrupted start begins anew
    let import = host.store.begin_import().await?;
    for shopper in &shoppers {
        person(host, shopper, now).await?;
    }
    let mut events: Vec<_> =
        shoppers.iter().flat_map(|s| s.events.iter().map(|e| (e.at, e.json(&s.id)))).collect();
    events.sort_by_key(|(at, _)| *at);
    let events: Vec<_> = events.into_iter().map(|(_, json)| json).collect();
    for part in events.chunks(jardin_engine::MAX_EVENTS) {
        host.engine.ingest(part.to_vec(), &PrivacySignals::default()).await.map_err(refused)?;
    }
    import.commit().await?;
    Ok(())
}

async fn person(host: &Host, shopper: &Shopper, now: Timestamp) -> anyhow::Result<()> {
    let id = SubjectId::new(&shopper.id)?;
    let fields = json!({"birth_date": shopper.birth_date, "postcode": shopper.postcode});
    let fields = fields.as_object().cloned().unwrap_or_default();
    let told = async || {
        let stored = host.engine.put_subject(&id, fields.clone(), true, None).await;
        stored.map_err(|p| anyhow!("a shopper of the demo is refused: {p}"))
    };
    // their age comes before their answers, and what is used by what they agreed to after them
    told().await?;
    for (consent, days_ago) in &shopper.consents {
        let choice = Choice {
            status: ChoiceStatus::Granted,
            text_version: Arc::from("2026-10"),
            at: now.plus_ms(-days_ago * DAY_MS),
            source: Arc::from("banner"),
        };
        host.store.put_choice(&id, consent, choice).await?;
    }
    told().await?;
    if shopper.objects {
        host.store.put_objection(&id, true, now).await?;
    }
    Ok(())
}
