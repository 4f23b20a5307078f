//! The answers of the last minutes, so that whoever got one may ask how it came about.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jardin_model::{ItemId, MINUTE_MS, RecommendationId, SessionId, SubjectId, Timestamp};
use jardin_policy::StrategyName;

use crate::api::{AskedBy, Level, StrategyAttempt};

/// For how long an answer is remembered, in milliseconds.
const REMEMBERED_MS: i64 = 10 * MINUTE_MS;
/// The most answers that are remembered: some 5 MB.
const MAX_REMEMBERED: usize = 8_192;

/// An answer that was given.
pub(crate) struct GivenAnswer {
    pub(crate) id: RecommendationId,
    pub(crate) at: Timestamp,
    pub(crate) subject: Option<SubjectId>,
    pub(crate) session: Option<SessionId>,
    pub(crate) level: Level,
    pub(crate) policy_revision: Arc<str>,
    pub(crate) attempts: Vec<StrategyAttempt>,
    pub(crate) items: Vec<GivenItem>,
}

/// An item of an answer that was given.
pub(crate) struct GivenItem {
    pub(crate) item: ItemId,
    pub(crate) strategy: Option<StrategyName>,
    pub(crate) reason: Option<Arc<str>>,
    pub(crate) is_sponsored: bool,
}

impl GivenAnswer {
    /// True for whoever may ask about it. Without an account an answer is its visit's.
    fn is_of(&self, asked_by: AskedBy<'_>) -> bool {
        match (asked_by, &self.subject) {
            (AskedBy::Shop, _) => true,
            (AskedBy::Visitor { subject: Some(who), .. }, Some(given)) => who == given,
            (AskedBy::Visitor { session, .. }, None) => session.is_some() && session == self.session.as_ref(),
            (AskedBy::Visitor { subject: None, .. }, Some(_)) => false,
        }
    }
}

/// The answers of the last minutes, the oldest first.
#[derive(Default)]
pub(crate) struct RecentAnswers(Mutex<VecDeque<Arc<GivenAnswer>>>);

impl RecentAnswers {
    fn lock_answers(&self) -> MutexGuard<'_, VecDeque<Arc<GivenAnswer>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers an answer, and forgets those that are too old.
    pub(crate) fn add_answer(&self, given: GivenAnswer) {
        let until = given.at.plus_ms(-REMEMBERED_MS);
        let mut answers = self.lock_answers();
        while answers.len() >= MAX_REMEMBERED || answers.front().is_some_and(|oldest| oldest.at <= until) {
            answers.pop_front();
        }
        answers.push_back(Arc::new(given));
    }

    /// An answer, for whoever may ask about it.
    pub(crate) fn find_answer(
        &self,
        id: &RecommendationId,
        asked_by: AskedBy<'_>,
        now: Timestamp,
    ) -> Option<Arc<GivenAnswer>> {
        let answers = self.lock_answers();
        let found = answers.iter().rev().find(|given| given.id == *id);
        let is_remembered = |given: &&Arc<GivenAnswer>| given.at > now.plus_ms(-REMEMBERED_MS);
        found.filter(is_remembered).filter(|given| given.is_of(asked_by)).cloned()
    }

    /// Forgets what was answered to somebody.
    pub(crate) fn forget_subject(&self, id: &SubjectId) {
        self.lock_answers().retain(|given| given.subject.as_ref() != Some(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(id: &str) -> Option<SubjectId> {
        (!id.is_empty()).then(|| SubjectId::new(id).unwrap())
    }

    fn session(id: &str) -> Option<SessionId> {
        (!id.is_empty()).then(|| SessionId::new(id).unwrap())
    }

    fn id_of(id: &str) -> RecommendationId {
        RecommendationId::new(id).unwrap()
    }

    fn given(id: &str, who: &str, visit: &str, at: i64) -> GivenAnswer {
        GivenAnswer {
            id: id_of(id),
            at: Timestamp::from_ms(at),
            subject: subject(who),
            session: session(visit),
            level: Level::Popular,
            policy_revision: "1".into(),
            attempts: Vec::new(),
            items: Vec::new(),
        }
    }

    #[test]
    fn an_answer_is_found_by_the_shop_and_by_whom_it_was_given_to() {
        let answers = RecentAnswers::default();
        answers.add_answer(given("a", "ada", "s1", 0));
        answers.add_answer(given("v", "", "s1", 0));
        answers.add_answer(given("n", "", "", 0));
        for (id, who, visit, found) in [
            ("a", "ada", "", true),
            ("a", "ada", "s2", true),
            ("a", "bob", "s1", false),
            ("a", "", "s1", false),
            ("v", "", "s1", true),
            ("v", "ada", "s1", true),
            ("v", "ada", "s2", false),
            ("v", "", "", false),
            ("n", "", "", false),
            ("n", "ada", "s1", false),
            ("x", "ada", "s1", false),
        ] {
            let (subject, session) = (subject(who), session(visit));
            let asked = AskedBy::Visitor { subject: subject.as_ref(), session: session.as_ref() };
            let known = answers.find_answer(&id_of(id), asked, Timestamp::from_ms(1));
            assert_eq!(known.is_some(), found, "{id} {who} {visit}");
        }
        for id in ["a", "v", "n"] {
            assert!(answers.find_answer(&id_of(id), AskedBy::Shop, Timestamp::from_ms(1)).is_some(), "{id}");
        }
        answers.forget_subject(&SubjectId::new("ada").unwrap());
        assert!(answers.find_answer(&id_of("a"), AskedBy::Shop, Timestamp::from_ms(1)).is_none());
        assert!(answers.find_answer(&id_of("v"), AskedBy::Shop, Timestamp::from_ms(1)).is_some());
    }

    #[test]
    fn ten_minutes_and_so_many_answers_are_remembered() {
        let answers = RecentAnswers::default();
        answers.add_answer(given("first", "ada", "", 0));
        let find =
            |id: &str, at| answers.find_answer(&id_of(id), AskedBy::Shop, Timestamp::from_ms(at)).is_some();
        assert_eq!((find("first", REMEMBERED_MS - 1), find("first", REMEMBERED_MS)), (true, false));
        for n in 1..MAX_REMEMBERED {
            answers.add_answer(given(&n.to_string(), "", "", 0));
        }
        assert!(find("first", 1));
        answers.add_answer(given("one more", "", "", 0));
        assert_eq!((find("first", 1), find("1", 1)), (false, true));
        // those that are too old go before the place is needed
        answers.add_answer(given("later", "", "", REMEMBERED_MS));
        assert_eq!(answers.lock_answers().len(), 1);
    }
}
