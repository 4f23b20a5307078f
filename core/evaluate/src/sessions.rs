//! Sessions, questions, and how a time is cut in two.

use std::sync::Arc;

/// An item's id.
pub(crate) type Item = Arc<str>;

/// What somebody did in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// When it ended, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// Its items in their order.
    pub items: Vec<Item>,
}

/// The beginning of a session, and what really followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its items so far, oldest first.
    pub shown: Vec<Item>,
    /// The items that followed, the next one first.
    pub followed: Vec<Item>,
}

/// The questions of a session: every beginning of 1 to `longest` items of which something followed.
pub fn questions_of(session: &Session, longest: usize) -> impl Iterator<Item = Question> + '_ {
    (1..session.items.len().min(longest + 1)).filter_map(|n| {
        let (shown, followed) = session.items.split_at_checked(n)?;
        Some(Question { shown: shown.to_vec(), followed: followed.to_vec() })
    })
}

/// The last item of every session as a question, and the sessions without it. A session of one item asks nothing and
/// stays whole.
#[must_use]
pub fn leave_last_one(mut sessions: Vec<Session>) -> (Vec<Session>, Vec<Question>) {
    let ask = |session: &mut Session| {
        let last = session.items.pop()?;
        if session.items.is_empty() {
            session.items.push(last);
            return None;
        }
        Some(Question { shown: session.items.clone(), followed: vec![last] })
    };
    let questions = sessions.iter_mut().filter_map(ask).collect();
    (sessions, questions)
}

/// Sessions in the order of time, cut so that the last `share` of them (0 to 1) stands apart: the earlier
/// ones and the later ones.
#[must_use]
pub fn split_last(mut sessions: Vec<Session>, share: f64) -> (Vec<Session>, Vec<Session>) {
    sessions.sort_by_key(|s| s.at);
    let later = (sessions.len() as f64 * share.clamp(0.0, 1.0)).round() as usize;
    let later = sessions.split_off(sessions.len() - later);
    (sessions, later)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(at: i64, items: &str) -> Session {
        Session { at, items: items.split_whitespace().map(Arc::from).collect() }
    }

    #[test]
    fn every_beginning_is_a_question_up_to_the_longest() {
        let questions: Vec<(usize, usize)> =
            questions_of(&session(0, "a b c d"), 2).map(|q| (q.shown.len(), q.followed.len())).collect();
        assert_eq!(questions, [(1, 3), (2, 2)]);
        assert_eq!(questions_of(&session(0, "a"), 19).count(), 0);
    }

    #[test]
    fn the_last_item_of_each_session_is_asked_and_not_learned() {
        let (learned, asked) = leave_last_one(vec![session(1, "a b c"), session(2, "a"), session(3, "b b")]);
        assert_eq!(learned, [session(1, "a b"), session(2, "a"), session(3, "b")]);
        let question = |shown, followed| Question {
            shown: session(0, shown).items,
            followed: session(0, followed).items,
        };
        assert_eq!(asked, [question("a b", "c"), question("b", "b")]);
    }

    #[test]
    fn the_latest_stand_apart() {
        let sessions = (0..50).rev().map(|at| session(at, "a b")).collect();
        let (earlier, later) = split_last(sessions, 0.08);
        assert_eq!((earlier.len(), later.len()), (46, 4));
        assert!(earlier.iter().all(|s| s.at < 46) && later.iter().all(|s| s.at >= 46));
    }
}
