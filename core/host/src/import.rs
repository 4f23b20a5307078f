//! Rows of a file into a shop, by the process that runs it.

use jardin_contract::{Import, StoreError};
use jardin_engine::PrivacySignals;
use serde_json::{Value, json};

use crate::{AnswerFate, Host, HostError, ItemsTaken, OpenShop, RowFault};

/// An import by the process that runs the shop. Dropped before it is committed it leaves nothing.
#[must_use = "an import that is dropped leaves nothing"]
pub struct ShopImport<'a> {
    import: Box<dyn Import + 'a>,
    host: &'a Host,
}

impl ShopImport<'_> {
    /// Makes everything since the beginning durable, in one step.
    ///
    /// # Errors
    /// What the store says; nothing of it is stored then.
    pub async fn commit(self) -> Result<(), StoreError> {
        let Self { import, host } = self;
        host.record_ended("import", import.commit()).await
    }
}

/// What became of a batch of events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventsTaken {
    /// How many are stored now.
    pub accepted: usize,
    /// How many were stored before.
    pub duplicates: usize,
    /// What is wrong with each that was refused.
    pub rejected: Vec<RowFault>,
    /// How much a rule of the policy kept out, by the rule.
    pub set_aside: Vec<(String, usize)>,
}

impl Host {
    /// Stores events, each as the HTTP API takes it; with `dry_run` they are judged alone.
    pub(crate) async fn import_events(
        &self,
        events: Vec<Value>,
        dry_run: bool,
    ) -> Result<EventsTaken, HostError> {
        let nothing = PrivacySignals::default();
        let receipt = match dry_run {
            true => self.engine.judge_events(events, &nothing).await?,
            false => self.engine.ingest(events, &nothing).await?,
        };
        let rejected = receipt.rejected.iter().map(RowFault::of_refused);
        Ok(EventsTaken {
            accepted: receipt.accepted,
            duplicates: receipt.duplicates,
            rejected: rejected.collect(),
            set_aside: receipt.set_aside.by_rule().map(|(rule, count)| (rule.to_owned(), count)).collect(),
        })
    }
}

impl EventsTaken {
    pub(crate) fn to_json(&self) -> Value {
        let rejected: Value = self.rejected.iter().map(RowFault::to_json).collect();
        json!([self.accepted, self.duplicates, rejected, self.set_aside])
    }

    fn from_json(json: &Value) -> Option<Self> {
        let [accepted, duplicates, rejected, set_aside] = json.as_array()?.as_slice() else { return None };
        let count = |json: &Value| usize::try_from(json.as_u64()?).ok();
        let aside = |json: &Value| {
            let [rule, n] = json.as_array()?.as_slice() else { return None };
            Some((rule.as_str()?.to_owned(), count(n)?))
        };
        Some(Self {
            accepted: count(accepted)?,
            duplicates: count(duplicates)?,
            rejected: rejected.as_array()?.iter().map(RowFault::from_json).collect::<Option<_>>()?,
            set_aside: set_aside.as_array()?.iter().map(aside).collect::<Option<_>>()?,
        })
    }
}

impl OpenShop {
    /// Begins an import where this process runs the shop: an end before it is committed leaves nothing of it. A
    /// shop that serves goes on, and takes each batch for itself.
    ///
    /// # Errors
    /// What the store says.
    pub async fn begin_import(&self) -> Result<Option<ShopImport<'_>>, HostError> {
        match self {
            Self::Local(host) => Ok(Some(ShopImport { import: host.store.begin_import().await?, host })),
            Self::Served(_) => Ok(None),
        }
    }

    /// Sets items, each as the HTTP API takes it; with `dry_run` they are judged alone.
    ///
    /// # Errors
    /// What the engine says, or the running shop.
    pub async fn put_items(&self, items: &[Value], dry_run: bool) -> Result<ItemsTaken, HostError> {
        match self {
            Self::Local(host) => host.import_items(items, dry_run).await,
            Self::Served(client) => {
                let question = if dry_run { "judged-items" } else { "items" };
                client.ask_for(question, &items.to_vec().into(), ItemsTaken::from_json)
            }
        }
    }

    /// Stores events, each as the HTTP API takes it; with `dry_run` they are judged alone.
    ///
    /// # Errors
    /// What the engine says, or the running shop.
    pub async fn put_events(&self, events: Vec<Value>, dry_run: bool) -> Result<EventsTaken, HostError> {
        match self {
            Self::Local(host) => host.import_events(events, dry_run).await,
            Self::Served(client) => {
                let question = if dry_run { "judged-events" } else { "events" };
                client.ask_for(question, &events.into(), EventsTaken::from_json)
            }
        }
    }

    /// Stores answers to consent questions that were given earlier, which must be in the order of their times; with
    /// `dry_run` they are judged alone.
    ///
    /// # Errors
    /// What the engine says, or the running shop.
    pub async fn put_answers(
        &self,
        answers: Vec<Value>,
        dry_run: bool,
    ) -> Result<Vec<AnswerFate>, HostError> {
        match self {
            Self::Local(host) if dry_run => Ok(host.judge_answers(&answers)),
            Self::Local(host) => host.import_answers(&answers).await,
            Self::Served(client) => {
                let question = if dry_run { "judged-answers" } else { "answers" };
                client.ask_for(question, &answers.into(), |json| {
                    json.as_array()?.iter().map(AnswerFate::from_json).collect()
                })
            }
        }
    }
}
