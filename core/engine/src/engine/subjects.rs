//! What a server, a program or a test calls about people.

use std::sync::Arc;

use jardin_contract::Pseudonym;
use jardin_model::{Choice, SessionId, SubjectId, Timestamp};

use super::Engine;
use crate::api::{
    ChoiceImport, ConsentGiven, ConsentShown, DataMeaning, ErasureReceipt, Fields, GardenChange, GardenOwner,
    GardenShown, MergeReceipt, PersonShown, Problem, ProfileStored,
};

impl Engine {
    /// Sets profile fields; with `replace` those that are not named go, otherwise `null` takes one away.
    ///
    /// # Errors
    /// `version-conflict`.
    pub async fn put_subject(
        &self,
        id: &SubjectId,
        fields: Fields,
        replace: bool,
        if_match: Option<&str>,
    ) -> Result<ProfileStored, Problem> {
        self.subsystems.people.put_profile(id, fields, replace, if_match).await
    }

    /// Everything that is stored of a person (GDPR Art. 15 and 20).
    ///
    /// # Errors
    /// `not-found`.
    pub async fn subject(&self, id: &SubjectId) -> Result<PersonShown, Problem> {
        self.subsystems.people.export(id).await
    }

    /// For what that which is stored of a person is used, on which ground, how long it is kept, and who receives it (GDPR
    /// Art. 15(1)), in the language of a locale.
    ///
    /// # Errors
    /// `not-ready`.
    pub async fn explain_subject(
        &self,
        id: &SubjectId,
        person: &PersonShown,
        locale: Option<&str>,
    ) -> Result<DataMeaning, Problem> {
        self.subsystems.people.explain_person(id, person, locale).await
    }

    /// Erases a person (GDPR Art. 17): their record, their events, and what was learned from them, before it
    /// returns. With `remember` their objection to whatever comes under that id later is kept by a digest.
    ///
    /// # Errors
    /// `not-found`, `version-conflict`.
    pub async fn erase_subject(
        &self,
        id: &SubjectId,
        if_match: Option<&str>,
        remember: bool,
    ) -> Result<ErasureReceipt, Problem> {
        let receipt = self.subsystems.people.erase(id, if_match, remember).await?;
        self.subsystems.recommender.forget_subject(id);
        Ok(receipt)
    }

    /// How the audit names a person; `None` where nothing is stored of them, or the store cannot say.
    pub async fn pseudonym_of(&self, id: &SubjectId) -> Option<Pseudonym> {
        self.subsystems.people.pseudonym_of(id).await
    }

    /// When somebody of this id was last erased, as far back as the store knows: two hours at least.
    #[must_use]
    pub fn last_erasure(&self, id: &SubjectId) -> Option<Timestamp> {
        self.subsystems.people.last_erasure(id)
    }

    /// Whether somebody's yes to any question of the policy counts now.
    ///
    /// # Errors
    /// `not-ready` where the store fails.
    pub async fn has_consented(&self, id: &SubjectId) -> Result<bool, Problem> {
        self.subsystems.people.has_consented(id).await
    }

    /// An erasure by its receipt.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn erasure(&self, receipt: &str) -> Result<ErasureReceipt, Problem> {
        self.subsystems.people.erasure(receipt).await
    }

    /// Carries what a visitor did in one visit into the account that they signed in to, as far as the same purpose covers it
    /// on both sides.
    ///
    /// # Errors
    /// `not-found` where nothing is stored of the visitor; `unprocessable` where both are one; `not-ready`.
    pub async fn merge_visit(
        &self,
        into: &SubjectId,
        from: &SubjectId,
        visit: &SessionId,
    ) -> Result<MergeReceipt, Problem> {
        self.subsystems.intake.merge_visit(into, from, visit).await
    }

    /// Stores an answer to a consent question, obeyed by the next answer. `counts` of what is returned says
    /// whether it permits anything.
    ///
    /// # Errors
    /// `not-found` where the policy asks no such question, with those that it asks.
    pub async fn put_consent(
        &self,
        id: &SubjectId,
        name: &str,
        given: ConsentGiven,
    ) -> Result<ConsentShown, Problem> {
        self.subsystems.people.put_consent(id, name, given).await
    }

    /// Stores an answer that was given earlier, obeyed by the next answer. One that is older than one that is
    /// stored is left out: it would end nothing and might begin again what was taken back.
    ///
    /// # Errors
    /// `not-found` where the policy asks no such question.
    pub async fn import_choice(
        &self,
        id: &SubjectId,
        name: &str,
        choice: Choice,
    ) -> Result<ChoiceImport, Problem> {
        self.subsystems.people.import_choice(id, name, choice).await
    }

    /// The last answer to a consent question.
    ///
    /// # Errors
    /// `not-found` where there is no such question or no answer.
    pub async fn consent(&self, id: &SubjectId, name: &str) -> Result<ConsentShown, Problem> {
        self.subsystems.people.consent(id, name).await
    }

    /// Sets or lifts an objection (GDPR Art. 21).
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_objection(&self, id: &SubjectId, active: bool) -> Result<(), Problem> {
        self.subsystems.people.put_objection(id, active).await
    }

    /// What somebody may see of what is kept of them, and switch.
    ///
    /// # Errors
    /// `not-ready`.
    pub async fn garden(&self, of: &GardenOwner) -> Result<GardenShown, Problem> {
        self.subsystems.people.garden(of).await
    }

    /// Does what somebody decided by themselves, obeyed by the next answer; says how many events were forgotten.
    ///
    /// # Errors
    /// `unprocessable` where it asks for what is of a person or a visit, and that one is not known; `not-ready`.
    pub async fn change_garden(&self, of: &GardenOwner, change: &GardenChange) -> Result<usize, Problem> {
        self.subsystems.people.change_garden(of, change).await
    }

    /// Records an answer to a question for one visit alone, gone with it.
    ///
    /// # Errors
    /// `not-found` where the policy asks no such question, with those that it asks.
    pub async fn put_visit_consent(
        &self,
        id: &SessionId,
        name: &str,
        given: ConsentGiven,
    ) -> Result<ConsentShown, Problem> {
        self.subsystems.people.put_visit_consent(id, name, given).await
    }

    /// Sets or lifts an objection for one visit alone, gone with it; what the visit did is forgotten with an objection.
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_visit_objection(
        &self,
        id: &SessionId,
        active: bool,
        source: &Arc<str>,
    ) -> Result<(), Problem> {
        self.subsystems.people.put_visit_objection(id, active, source).await
    }

    /// Sets or lifts a restriction (GDPR Art. 18).
    ///
    /// # Errors
    /// `overloaded`, `not-ready`.
    pub async fn put_restriction(&self, id: &SubjectId, active: bool) -> Result<(), Problem> {
        self.subsystems.people.put_restriction(id, active).await
    }
}
