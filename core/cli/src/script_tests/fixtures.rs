//! What tests run over: items and people that somebody wrote for them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use jardin_contract::{Clock as _, SystemClock};
use jardin_host::{
    Notice, ShopContent,
    trial::{MadeUpPerson, TrialEngine, TrialStore, json_lines},
};
use jardin_model::{SubjectId, Timestamp};
use serde_json::Value;

/// The file of fixtures for all scripts of a folder.
const SHARED_FILE: &str = "fixtures.json";

/// Which file holds the fixtures of a script: its own, `NAME.fixtures.json` beside `NAME.rhai`, otherwise the one of all
/// scripts.
pub(crate) fn fixtures_path(folder: &ShopContent, script: &str) -> PathBuf {
    let scripts = folder.folder.scripts_path();
    let own = scripts.join(Path::new(script).with_extension("fixtures.json"));
    if own.is_file() { own } else { scripts.join(SHARED_FILE) }
}

/// Items, people, and the time at which tests ask.
pub(crate) struct Fixtures {
    pub(crate) at: Timestamp,
    pub(crate) items: Vec<Value>,
    pub(crate) people: BTreeMap<String, MadeUpPerson>,
}

impl Fixtures {
    /// Reads a file, `{"at": "2026-11-20T10:00:00Z", "items": [{"item_id": …, "fields": {…}}], "people": {"camille":
    /// {…}}}`. Without items, or without the file, the shop's items.jsonl serves; without a time, now.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(crate) fn read(folder: &ShopContent, path: &Path) -> anyhow::Result<Self> {
        let mut fixtures = Self { at: SystemClock.now(), items: Vec::new(), people: BTreeMap::new() };
        if path.is_file() {
            let mut read = || fixtures.take(serde_json::from_slice(&fs::read(path)?)?);
            read().with_context(|| format!("`{}` holds no fixtures", path.display()))?;
        }
        if fixtures.items.is_empty() {
            let items = folder.folder.items_path();
            let text = fs::read_to_string(&items).with_context(|| {
                format!("tests need items: write `{}` or `{}`", path.display(), items.display())
            })?;
            fixtures.items = json_lines(&text)?;
        }
        Ok(fixtures)
    }

    fn take(&mut self, json: Value) -> anyhow::Result<()> {
        let Value::Object(parts) = json else { bail!("it is not an object") };
        for (key, value) in parts {
            match (key.as_str(), value) {
                ("at", Value::String(at)) => {
                    self.at = Timestamp::parse(&at).with_context(|| format!("`{at}` is not a time"))?
                }
                ("items", Value::Array(items)) => self.items = items,
                ("people", Value::Object(people)) => {
                    for (name, person) in people {
                        let person = MadeUpPerson::from_json(person)
                            .with_context(|| format!("`{name}` is not a person"))?;
                        self.people.insert(name, person);
                    }
                }
                (key @ ("at" | "items" | "people"), _) => bail!("`{key}` has a value of another type"),
                (key, _) => bail!("fixtures have no `{key}`; they have `at`, `items` and `people`"),
            }
        }
        Ok(())
    }

    /// An engine that knows these items and people, and what there is to tell of the shop.
    pub(crate) async fn start_engine(
        &self,
        folder: &ShopContent,
    ) -> anyhow::Result<(TrialEngine, Vec<Notice>)> {
        let store = TrialStore::with_items(self.items.clone());
        let (engine, notices) = TrialEngine::start(folder, store, self.at).await?;
        for (name, person) in &self.people {
            let told = engine.put_person(&SubjectId::new(name)?, person).await;
            told.with_context(|| format!("`{name}` of the fixtures is refused"))?;
        }
        engine.settle().await;
        Ok((engine, notices))
    }
}
