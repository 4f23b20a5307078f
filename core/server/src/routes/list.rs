//! A list of recommendations as it is answered.

use std::{collections::BTreeMap, sync::Arc};

use jardin_engine::{Answer, RecommendedItem, StrategyAttempt};
use jardin_policy::StrategyName;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{
    access::Caller,
    field::{Field, Shape, ValueKind},
};

pub(super) const LISTS: Shape = Shape {
    name: "RecommendationLists",
    says: "The lists in the order of the requests.",
    fields: &[Field::required("answers", ValueKind::List(&ValueKind::Object(&LIST)), "one for each request")],
    open: false,
};

pub(super) const LIST: Shape = Shape {
    name: "RecommendationList",
    says: "What to show, of what it was made, and what was refused.",
    fields: &[
        Field::required("recommendation_id", ValueKind::Text, "by which an event names this answer"),
        Field::optional("title", ValueKind::Text, "what stands above the list, in the request's language"),
        Field::optional("locale", ValueKind::Text, "in which language its texts are").such_as(r#""fr""#),
        Field::required("items", ValueKind::List(&ValueKind::Object(&ITEM)), "the best first"),
        Field::required("personalised", ValueKind::Flag, "whether the level is `full` or `session`"),
        Field::required(
            "level",
            ValueKind::Word(&["full", "session", "contextual", "popular"]),
            "the widest data that was present before a strategy that gave items",
        ),
        Field::optional(
            "policy_revision",
            ValueKind::Text,
            "under which policy it was made; not told to a page token",
        ),
        Field::optional(
            "strategies",
            ValueKind::List(&ValueKind::Object(&STRATEGY)),
            "each that was tried, in order; not told to a page token",
        ),
        Field::required("shortfall", ValueKind::Whole, "how many items are missing to the limit"),
        Field::required("warnings", ValueKind::List(&ValueKind::Text), "fixed words, such as `no-fallback`"),
    ],
    open: false,
};

const ITEM: Shape = Shape {
    name: "RecommendedItem",
    says: "One item of a list.",
    fields: &[
        Field::required("item_id", ValueKind::Text, "which item"),
        Field::required("rank", ValueKind::Whole, "its place, from 1"),
        Field::optional(
            "strategy",
            ValueKind::Text,
            "which strategy gave it; not there for a sponsored item, and not told to a page token",
        ),
        Field::optional("reason", ValueKind::Object(&REASON), "what the shopper is told"),
        Field::optional("sponsored", ValueKind::Object(&SPONSORED), "there where the place is paid for"),
        Field::optional(
            "fields",
            ValueKind::Map(&ValueKind::Any),
            "the fields that `show` asks for, by name",
        ),
    ],
    open: false,
};

const REASON: Shape = Shape {
    name: "Reason",
    says: "Why an item is shown.",
    fields: &[
        Field::required("code", ValueKind::Text, "a reason of jardin.toml"),
        Field::required("text", ValueKind::Text, "its text in the request's language"),
    ],
    open: false,
};

const SPONSORED: Shape = Shape {
    name: "Sponsored",
    says: "The mark of a paid place.",
    fields: &[
        Field::required("advertiser", ValueKind::Text, "who pays"),
        Field::required("label", ValueKind::Text, "the label in the request's language"),
    ],
    open: false,
};

const STRATEGY: Shape = Shape {
    name: "TriedStrategy",
    says: "What became of one strategy of the chain.",
    fields: &[
        Field::required("name", ValueKind::Text, "which strategy"),
        Field::required(
            "status",
            ValueKind::Word(&["ran", "refused", "failed", "starting"]),
            "what became of it",
        ),
        Field::optional("why", ValueKind::Text, "why it did not run"),
    ],
    open: false,
};

#[derive(Serialize)]
pub(super) struct ListBody<'a> {
    recommendation_id: &'a str,
    items: Items<'a>,
    personalised: bool,
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_revision: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strategies: Option<Strategies<'a>>,
    shortfall: usize,
    warnings: &'a [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
}

/// Items that are written one by one as they are told.
struct Items<'a> {
    shown: &'a [RecommendedItem],
    with_strategy: bool,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.shown.iter().map(|shown| {
            let item = ItemBody::from(shown);
            ItemBody { strategy: item.strategy.filter(|_| self.with_strategy), ..item }
        }))
    }
}

/// Strategies that are written one by one.
struct Strategies<'a>(&'a [StrategyAttempt]);

impl Serialize for Strategies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(StrategyBody::from))
    }
}

#[derive(Serialize)]
struct ItemBody<'a> {
    item_id: &'a str,
    rank: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    strategy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<ReasonBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sponsored: Option<SponsoredBody<'a>>,
    #[serde(skip_serializing_if = "ShownFields::is_empty")]
    fields: ShownFields<'a>,
}

/// The fields of an item, written as they are.
struct ShownFields<'a>(&'a BTreeMap<Arc<str>, Value>);

impl ShownFields<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for ShownFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (&**name, value)))
    }
}

#[derive(Serialize)]
struct ReasonBody<'a> {
    code: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct SponsoredBody<'a> {
    advertiser: &'a str,
    label: &'a str,
}

#[derive(Serialize)]
struct StrategyBody<'a> {
    name: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

impl<'a> ListBody<'a> {
    /// The list as this caller is told it: a page learns nothing of how it came about, which says something of the
    /// person.
    pub(super) fn told_to(caller: &Caller, answer: &'a Answer) -> Self {
        let mut list = Self::from(answer);
        if caller.page_token().is_some() {
            (list.policy_revision, list.strategies) = (None, None);
            list.items.with_strategy = false;
        }
        list
    }
}

impl<'a> From<&'a Answer> for ListBody<'a> {
    fn from(answer: &'a Answer) -> Self {
        Self {
            recommendation_id: answer.recommendation.as_str(),
            title: answer.title.as_deref(),
            locale: answer.language.as_deref(),
            items: Items { shown: &answer.items, with_strategy: true },
            personalised: answer.personalised,
            level: answer.level.word(),
            policy_revision: Some(&answer.policy_revision),
            strategies: Some(Strategies(&answer.strategies)),
            shortfall: answer.shortfall,
            warnings: &answer.warnings,
        }
    }
}

impl<'a> From<&'a StrategyAttempt> for StrategyBody<'a> {
    fn from(tried: &'a StrategyAttempt) -> Self {
        Self { name: tried.name.as_str(), status: tried.status.word(), why: tried.why }
    }
}

impl<'a> From<&'a RecommendedItem> for ItemBody<'a> {
    fn from(shown: &'a RecommendedItem) -> Self {
        Self {
            item_id: shown.item.as_str(),
            rank: shown.rank,
            strategy: shown.strategy.as_ref().map(StrategyName::as_str),
            reason: shown.reason.as_ref().map(|r| ReasonBody { code: &r.code, text: &r.text }),
            sponsored: shown
                .sponsored
                .as_ref()
                .map(|paid| SponsoredBody { advertiser: &paid.advertiser, label: &paid.label }),
            fields: ShownFields(&shown.fields),
        }
    }
}
