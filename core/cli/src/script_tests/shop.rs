//! The shop that a test asks.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jardin_engine::Fields;
use jardin_host::{
    ShopContent,
    trial::{MovedItem, TrialEngine, TrialQuestion, moved_items, placement_of, strategy_work},
};
use jardin_model::{SubjectId, Timestamp};
use jardin_policy::StrategyName;
use jardin_script_run::{Given, TestItem, TestQuestion, TestShop};
use serde_json::{Value, json};
use tokio::runtime::Handle;

/// The shop over its fixtures, asked on behalf of one script.
pub(crate) struct FixtureShop {
    pub(crate) engine: Arc<TrialEngine>,
    pub(crate) folder: Arc<ShopContent>,
    pub(crate) strategy: StrategyName,
    pub(crate) at: Timestamp,
    pub(crate) people: BTreeSet<String>,
    pub(crate) runtime: Handle,
}

impl TestShop for FixtureShop {
    fn ask(&self, question: &TestQuestion) -> Result<Vec<TestItem>, String> {
        let at = match &question.at {
            Some(text) => Timestamp::parse(text)
                .map_err(|_| format!("`{text}` is not a time; write 2026-11-20T10:00:00Z"))?,
            None => self.at,
        };
        let question = self.question(question)?;
        self.runtime.block_on(async {
            self.engine.set_time(at);
            self.engine.settle().await;
            let seen = self.engine.ask(&question).await.map_err(|e| format!("{e:#}"))?;
            let work = strategy_work(&seen, &self.strategy);
            if let Some(failure) = work.failure {
                return Err(format!("`{}` gave nothing: {failure}", self.strategy));
            }
            Ok(moved_items(&seen, &self.engine, &self.strategy).into_iter().map(item).collect())
        })
    }
}

impl FixtureShop {
    fn question(&self, asked: &TestQuestion) -> Result<TrialQuestion, String> {
        let subject = match &asked.subject {
            Some(name) if !self.people.contains(name) => {
                let known: Vec<&str> = self.people.iter().map(String::as_str).collect();
                return Err(format!(
                    "the fixtures have nobody called `{name}`; there are: {}",
                    known.join(", ")
                ));
            }
            Some(name) => Some(SubjectId::new(name).map_err(|e| e.to_string())?),
            None => None,
        };
        let placement = match &asked.placement {
            Some(placement) => placement.clone(),
            None => placement_of(&self.folder, &self.strategy).map_err(|e| e.to_string())?,
        };
        Ok(TrialQuestion {
            placement,
            subject,
            context: fields(&asked.context),
            session: fields(&asked.session),
        })
    }
}

fn fields(given: &BTreeMap<String, Given>) -> Fields {
    given.iter().map(|(name, value)| (name.clone(), value_of(value))).collect()
}

fn value_of(value: &Given) -> Value {
    match value {
        Given::Flag(flag) => json!(flag),
        Given::Number(n) => json!(n),
        Given::Text(text) => json!(text),
        Given::List(texts) => json!(texts),
    }
}

fn item(moved: MovedItem) -> TestItem {
    TestItem {
        id: moved.item.as_str().to_owned(),
        rank: moved.rank,
        factor: moved.moves.iter().filter_map(|m| m.factor).product(),
        dropped: moved.dropped.map(|d| d.note.to_string()),
        says: moved.says.map(|code| code.to_string()),
        moves: moved.moves.iter().map(|m| format!("x{} {}", m.factor.unwrap_or(1.0), m.note)).collect(),
    }
}
