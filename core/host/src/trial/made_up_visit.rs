//! A made-up visit: what was looked at in it, told to the engine before it is asked.

use jardin_engine::{Engine, Fields, PrivacySignals};
use jardin_model::{FieldType, Namespace, SessionId, Timestamp};
use serde_json::{Value, json};

use crate::{HostError, counted};

/// How far apart the events of a visit lie: each newer than the one before it, the last one now.
const STEP_MS: i64 = 1_000;

/// Takes the histories of a visit, such as `viewed`, out of what a page sends of it, and tells the engine of them as
/// events. What is left is sent with the request.
///
/// # Errors
/// Where such a field is not a list of products, or the engine refuses one.
pub(crate) async fn tell_engine(
    engine: &Engine,
    session: &SessionId,
    sent: &Fields,
    now: Timestamp,
) -> Result<Fields, HostError> {
    let policy = engine.policy().policy;
    let mut left = sent.clone();
    let mut events = Vec::new();
    for (name, value) in sent {
        let field = policy.rules().declared(Namespace::Session, name);
        let Some(field) = field.filter(|field| field.kind == FieldType::Events) else {
            continue;
        };
        left.remove(name);
        let items = value.as_array().ok_or_else(|| {
            HostError::Unusable(format!("`session.{name}` is a list of products, the last one newest"))
        })?;
        let kind = field.of.first().map_or("", |kind| kind.word());
        events.extend(items.iter().rev().zip(0_i64..).map(|(item, n)| {
            json!({"type": kind, "occurred_at": now.plus_ms(-n * STEP_MS).to_string(), "session_id": session.as_str(),
                   "items": [{"item_id": item}]})
        }));
    }
    tell_events(engine, events).await?;
    Ok(left)
}

async fn tell_events(engine: &Engine, mut events: Vec<Value>) -> Result<(), HostError> {
    if events.is_empty() {
        return Ok(());
    }
    events.reverse();
    let receipt = engine.ingest(events, &PrivacySignals::default()).await?;
    if let Some(refused) = receipt.rejected.first() {
        let (number, why) = (refused.index + 1, &refused.detail);
        return Err(HostError::Unusable(format!("event {number} of the visit is refused: {why}")));
    }
    if receipt.unknown_items > 0 {
        let count = counted(receipt.unknown_items, "product");
        return Err(HostError::Unusable(format!("the visit names {count} that the catalogue does not have")));
    }
    Ok(())
}
