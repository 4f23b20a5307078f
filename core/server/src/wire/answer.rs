//! The answer.

use jardin_engine::{Answer, RecommendedItem};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct AnswerBody {
    recommendation_id: String,
    items: Vec<ShownBody>,
    personalised: bool,
    level: &'static str,
    policy_revision: String,
    strategies: Vec<TriedBody>,
    shortfall: usize,
    warnings: Vec<&'static str>,
}

#[derive(Serialize)]
struct ShownBody {
    item_id: String,
    rank: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    strategy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sponsored: Option<SponsoredBody>,
}

#[derive(Serialize)]
struct ReasonBody {
    code: String,
    text: String,
}

#[derive(Serialize)]
struct SponsoredBody {
    advertiser: String,
    label: String,
}

#[derive(Serialize)]
struct TriedBody {
    name: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

impl From<Answer> for AnswerBody {
    fn from(answer: Answer) -> Self {
        let tried = |t: &jardin_engine::StrategyAttempt| TriedBody {
            name: t.name.to_string(),
            status: t.status.word(),
            why: t.why,
        };
        Self {
            recommendation_id: answer.recommendation.as_str().to_owned(),
            strategies: answer.strategies.iter().map(tried).collect(),
            items: answer.items.into_iter().map(ShownBody::from).collect(),
            personalised: answer.personalised,
            level: answer.level.word(),
            policy_revision: answer.policy_revision.to_string(),
            shortfall: answer.shortfall,
            warnings: answer.warnings,
        }
    }
}

impl From<RecommendedItem> for ShownBody {
    fn from(shown: RecommendedItem) -> Self {
        Self {
            item_id: shown.item.as_str().to_owned(),
            rank: shown.rank,
            strategy: shown.strategy.map(|s| s.to_string()),
            reason: shown.reason.map(|r| ReasonBody { code: r.code.to_string(), text: r.text.to_string() }),
            sponsored: shown
                .sponsored
                .map(|s| SponsoredBody { advertiser: s.advertiser.to_string(), label: s.label.to_string() }),
        }
    }
}
