//! What a server, a program or a test asks for lists.

use jardin_model::RecommendationId;

use super::{Engine, MAX_BATCH_REQUESTS};
use crate::api::{Answer, AnswerExplained, AskedBy, Problem, Request};

impl Engine {
    /// Answers one request. A refused consent is not an error: the next strategy's items come, and the reason.
    ///
    /// # Errors
    /// `not-found` for an unknown placement (with the known ones), `unprocessable` for a field, filter or
    /// consent that is not declared.
    pub async fn recommend(&self, request: &Request) -> Result<Answer, Problem> {
        let mut answers = self.subsystems.recommender.recommend(std::slice::from_ref(request), false).await?;
        answers.pop().ok_or(Problem::NotReady)
    }

    /// Answers the requests of one page in their order; with `distinct` no item stands twice on the page.
    ///
    /// # Errors
    /// As [`Engine::recommend`], for the first request that has one; `too-large` above [`MAX_BATCH_REQUESTS`].
    pub async fn recommend_batch(
        &self,
        requests: &[Request],
        distinct: bool,
    ) -> Result<Vec<Answer>, Problem> {
        if requests.len() > MAX_BATCH_REQUESTS {
            return Err(Problem::TooLarge { most: MAX_BATCH_REQUESTS, of: "requests" });
        }
        self.subsystems.recommender.recommend(requests, distinct).await
    }

    /// How an answer came about: for a person or a visit in the last ten minutes with what was decided, otherwise what such a
    /// list may be made of now.
    ///
    /// # Errors
    /// `not-found` for an id that this shop did not make, and for whoever may not ask.
    pub fn explain_answer(
        &self,
        id: &RecommendationId,
        asked_by: AskedBy<'_>,
        locale: Option<&str>,
    ) -> Result<AnswerExplained, Problem> {
        self.subsystems.recommender.explain_answer(id, asked_by, locale)
    }
}
