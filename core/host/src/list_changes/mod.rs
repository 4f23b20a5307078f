//! What two states of a shop folder show to the same made-up people.

mod sample_people;

use std::{collections::BTreeSet, sync::Arc};

use jardin_model::{SubjectId, Timestamp};
use jardin_policy::Policy;
use sample_people::{SamplePerson, sample_people};
use serde_json::Value;

use crate::{
    HostError, ShopContent, SourceText,
    evaluation::lock_of_all,
    trial::{TrialEngine, TrialQuestion, TrialStore, json_lines},
};

/// How often a question is asked whose answer was cut short.
const MAX_ATTEMPTS: usize = 20;

/// A placement at which some of the made-up people are shown another list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListChange {
    /// The placement.
    pub placement: Arc<str>,
    /// The first of them, in words.
    pub who: String,
    /// The items that they are shown by the old folder.
    pub old: Vec<String>,
    /// The items that they are shown by the new folder.
    pub new: Vec<String>,
    /// How many of them are shown another list.
    pub differ: usize,
    /// How many were asked for.
    pub asked: usize,
}

/// Asks two shop folders for every list of the same made-up people, over the items of the new folder; nothing was
/// learned, and files that nobody has pinned yet run all the same.
///
/// # Errors
/// Where the new folder has no file of items, or a script of either has errors.
pub async fn compare_lists(
    old: &ShopContent,
    new: &ShopContent,
    at: Timestamp,
) -> Result<Vec<ListChange>, HostError> {
    let items = json_lines(&SourceText::read(&new.folder.items_path())?.text)?;
    let ids: Vec<String> =
        items.iter().filter_map(|item| item.get("item_id")?.as_str().map(str::to_owned)).collect();
    let people = sample_people([&old.policy, &new.policy], &ids, at);
    let old_lists = ask_for_lists(old, &items, &people, at).await?;
    let new_lists = ask_for_lists(new, &items, &people, at).await?;
    let placements: BTreeSet<&Arc<str>> =
        old_lists.iter().chain(&new_lists).map(|list| &list.placement).collect();
    Ok(placements
        .into_iter()
        .filter_map(|placement| compare_placement(placement, &people, &old_lists, &new_lists))
        .collect())
}

/// What one person is shown at one placement.
struct ShownList {
    placement: Arc<str>,
    /// Which of the people.
    person: usize,
    items: Vec<String>,
}

fn compare_placement(
    placement: &Arc<str>,
    people: &[SamplePerson],
    old: &[ShownList],
    new: &[ShownList],
) -> Option<ListChange> {
    let shown = |lists: &[ShownList], person: usize| -> Vec<String> {
        let found = lists.iter().find(|list| list.placement == *placement && list.person == person);
        found.map(|list| list.items.clone()).unwrap_or_default()
    };
    let differing: Vec<usize> =
        (0..people.len()).filter(|person| shown(old, *person) != shown(new, *person)).collect();
    let first = *differing.first()?;
    Some(ListChange {
        placement: Arc::clone(placement),
        who: people.get(first)?.in_words(),
        old: shown(old, first),
        new: shown(new, first),
        differ: differing.len(),
        asked: people.len(),
    })
}

async fn ask_for_lists(
    content: &ShopContent,
    items: &[Value],
    people: &[SamplePerson],
    at: Timestamp,
) -> Result<Vec<ShownList>, HostError> {
    let content = ShopContent { lock: lock_of_all(&content.folder, &content.policy), ..content.clone() };
    let store = TrialStore::with_items(items.to_vec());
    let (engine, _) = TrialEngine::start(&content, store, at).await?;
    let mut asking = Vec::new();
    for (number, person) in people.iter().enumerate() {
        let id = SubjectId::new(&format!("sample-{number}")).ok();
        if let (Some(told), Some(id)) = (person.told_to(&content.policy)?, &id) {
            engine.put_person(id, &told).await?;
        }
        asking.push(id.filter(|_| person.is_known()));
    }
    engine.settle().await;
    let mut lists = Vec::new();
    for placement in content.config.placements.keys() {
        for (number, (person, subject)) in people.iter().zip(&asking).enumerate() {
            let question = question_of(person, subject.clone(), placement, &content.policy);
            let items = ask_in_time(&engine, &question).await?;
            lists.push(ShownList { placement: Arc::clone(placement), person: number, items });
        }
    }
    Ok(lists)
}

/// The items of an answer, asked again where a strategy was cut short: a busy machine must not change what is told.
async fn ask_in_time(engine: &TrialEngine, question: &TrialQuestion) -> Result<Vec<String>, HostError> {
    let mut cut_short = None;
    for _ in 0..MAX_ATTEMPTS {
        let answer = engine.ask(question).await?.answer;
        let late = answer.strategies.iter().find(|run| matches!(run.why, Some("late" | "died" | "starting")));
        cut_short = late.map(|run| run.name.to_string());
        if cut_short.is_none() {
            return Ok(answer.items.iter().map(|shown| shown.item.as_str().to_owned()).collect());
        }
    }
    let name = cut_short.unwrap_or_default();
    Err(HostError::Unusable(format!("`{name}` does not answer in time, so that lists cannot be compared")))
}

fn question_of(
    person: &SamplePerson,
    subject: Option<SubjectId>,
    placement: &str,
    policy: &Policy,
) -> TrialQuestion {
    let (context, session) = person.page(policy);
    TrialQuestion { placement: placement.to_owned(), subject, context, session }
}
