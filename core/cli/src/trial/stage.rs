//! A stage for trials: the shop's policy, settings, scripts and plugins over a store in memory, each strategy
//! watched.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use jardin_contract::{Clock, FixedClock, SystemClock};
use jardin_engine::{Answer, Engine, Parts, Shop};
use jardin_model::{ItemId, ItemIndex, SubjectId, Timestamp};
use jardin_store_sqlite::{Options, Store};
use serde_json::Value;

use super::{
    question::{MadeUp, Question, told},
    tray::Tray,
    watched::{Log, Run, Watched},
};
use crate::{
    folder::Folder,
    host::{Loader, wait_for_workers},
    print,
};

/// Where the items of a trial come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemsFrom {
    /// The shop's own store, with what strategies learned there.
    Store,
    /// A file of items; nothing was learned.
    File,
}

impl ItemsFrom {
    pub(crate) const fn shown(self) -> &'static str {
        match self {
            Self::Store => "the shop's store",
            Self::File => "items.jsonl; strategies that learn have learned nothing",
        }
    }
}

/// A stage.
pub(crate) struct Stage {
    engine: Engine,
    tray: Arc<Tray>,
    loader: Loader,
    log: Arc<Log>,
    clock: Arc<FixedClock>,
}

/// What came of one question.
pub(crate) struct Seen {
    pub(crate) answer: Answer,
    pub(crate) runs: Vec<Run>,
    pub(crate) took: Duration,
}

impl Stage {
    /// A stage over a shop folder at a time that stands still.
    pub(crate) async fn open(folder: &Folder, tray: Tray, at: Timestamp) -> anyhow::Result<Self> {
        let clock = Arc::new(FixedClock::at(at));
        let (tray, log) = (Arc::new(tray), Arc::default());
        let loader = Loader::new(Arc::clone(&clock) as _)?;
        let shop = loader.shop(folder)?;
        wait_for_workers(&shop.strategies).await;
        let shop = watched(shop, &log);
        let parts = Parts {
            clock: Arc::clone(&clock) as _,
            state: Arc::clone(&tray) as _,
            events: Arc::clone(&tray) as _,
            seed: 0,
        };
        let engine = Engine::start(parts, shop).await.map_err(told)?;
        Ok(Self { engine, tray, loader, log, clock })
    }

    /// Puts another state of the folder on this stage: a draft beside what is live.
    pub(crate) async fn change(&self, folder: &Folder) -> anyhow::Result<()> {
        let shop = self.loader.shop(folder)?;
        wait_for_workers(&shop.strategies).await;
        let shop = watched(shop, &self.log);
        self.engine.reload(shop).await.map_err(told)?;
        self.settle().await;
        Ok(())
    }

    /// Sets items; the policy decides what of them is kept.
    pub(crate) async fn put_items(&self, items: Vec<Value>) -> anyhow::Result<()> {
        let receipt = self.engine.put_items(items).await.map_err(told)?;
        if let Some(refused) = receipt.rejected.first() {
            bail!("item {} is refused: {} {}", refused.index + 1, refused.problem, refused.names.join(", "));
        }
        Ok(())
    }

    /// Tells of a person.
    pub(crate) async fn put_person(&self, id: &SubjectId, person: &MadeUp) -> anyhow::Result<()> {
        person.tell(&self.engine, id, self.clock.now()).await
    }

    /// Learns what is to be learned, and asks the fallback.
    pub(crate) async fn settle(&self) {
        self.engine.tick().await;
        let _of_the_fallback = self.log.take();
    }

    /// Moves the time.
    pub(crate) fn set_time(&self, at: Timestamp) {
        self.clock.set(at);
    }

    /// Asks.
    pub(crate) async fn ask(&self, question: &Question) -> anyhow::Result<Seen> {
        let _of_others = self.log.take();
        let begun: Instant = SystemClock.instant();
        let answer = self.engine.recommend(&question.request()).await.map_err(told)?;
        Ok(Seen {
            answer,
            took: SystemClock.instant().saturating_duration_since(begun),
            runs: self.log.take(),
        })
    }

    /// The id of an item.
    pub(crate) fn id(&self, item: ItemIndex) -> Option<ItemId> {
        self.tray.id(item)
    }
}

/// The same shop with every strategy watched.
fn watched(mut shop: Shop, log: &Arc<Log>) -> Shop {
    for loaded in shop.strategies.values_mut() {
        loaded.strategy = Arc::new(Watched {
            strategy: Arc::clone(&loaded.strategy),
            log: Arc::clone(log),
            clock: Arc::new(SystemClock),
        });
    }
    shop
}

/// The items of the shop, from its store where there is one that no server holds, otherwise from items.jsonl,
/// whose items are given back.
pub(crate) async fn items_of(
    folder: &Folder,
    data: Option<&Path>,
) -> anyhow::Result<(Tray, Vec<Value>, ItemsFrom)> {
    let of_folder = folder.path.join(&*folder.server.store_folder);
    let data = data.unwrap_or(&of_folder);
    let file = folder.path.join("items.jsonl");
    if data.join("store.db").is_file() {
        let options = Options { readers: 1, ..Options::default() };
        match Store::open(data, options) {
            Ok(store) => return Ok((Tray::over(store).await?, Vec::new(), ItemsFrom::Store)),
            Err(error) if file.is_file() => print::error(&format!("{error}, so items.jsonl is used")),
            Err(error) => return Err(error.into()),
        }
    }
    let text = std::fs::read_to_string(&file).with_context(|| {
        format!("the shop has no data in `{}`, and `{}` cannot be read", data.display(), file.display())
    })?;
    Ok((Tray::empty(), lines(&text)?, ItemsFrom::File))
}

/// JSON, a value a line.
pub(crate) fn lines(text: &str) -> anyhow::Result<Vec<Value>> {
    let filled = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled
        .map(|(n, line)| serde_json::from_str(line).with_context(|| format!("line {} is no JSON", n + 1)))
        .collect()
}
