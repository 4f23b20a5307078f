//! What a policy says for the record: who is responsible, who advised, who supplies.

use std::sync::Arc;

use jardin_diagnostics::Span;
use jardin_model::Date;

use super::Age;

/// What a policy says for the record of processing (GDPR Art. 30) and enforces nothing by itself.
#[derive(Debug, Clone, Default)]
pub struct ForTheRecord {
    /// The data protection officer.
    pub dpo: Option<Arc<str>>,
    /// Of whom data is processed.
    pub people: Vec<Arc<str>>,
    /// To whom it is given; `None` where that is not stated.
    pub recipients: Option<Vec<Party>>,
    /// To whom outside the EEA it goes; `None` where that is not stated.
    pub transfers: Option<Vec<Party>>,
    /// The supervisory authority.
    pub authority: Option<Arc<str>>,
    /// The controller's decision.
    pub approved: Option<Approval>,
    /// Whose signed approval counts; where there is nobody, any record does.
    pub approvers: Vec<Approver>,
    /// The officer's advice (GDPR Art. 38(6), 39).
    pub dpo_advice: Option<Advice>,
    /// The impact assessment, or why none is needed.
    pub dpia: Option<Arc<str>>,
    /// Suppliers and processors.
    pub vendors: Vec<Vendor>,
    /// How decisions are to be recorded.
    pub audit: Option<AuditRule>,
}

/// Somebody who receives data. `None` is what is not stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Who it is.
    pub name: Arc<str>,
    /// What it is to the controller.
    pub role: Option<PartyRole>,
    /// Where it sits.
    pub country: Option<Arc<str>>,
    /// What protects the data there (GDPR Art. 46).
    pub safeguard: Option<Arc<str>>,
    /// The contract's reference.
    pub contract: Option<Arc<str>>,
    /// What it receives data for.
    pub purpose: Option<Arc<str>>,
}

/// What somebody who receives data is to the controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyRole {
    /// Decides for itself what it does with the data.
    Recipient,
    /// Works for the controller (GDPR Art. 28).
    Processor,
    /// Decides together with the controller (GDPR Art. 26).
    JointController,
}

impl PartyRole {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Recipient, Self::Processor, Self::JointController];

    /// The words of a policy for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::Processor => "processor",
            Self::JointController => "joint controller",
        }
    }
}

/// The controller's decision.
#[derive(Debug, Clone)]
pub struct Approval {
    /// Who decided.
    pub by: Arc<str>,
    /// When.
    pub on: Date,
    /// By when it is looked at again.
    pub review_by: Option<Date>,
    /// Where it stands.
    pub span: Span,
}

/// Somebody who may approve a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// Their name.
    pub name: Arc<str>,
    /// The public key of their signatures (Ed25519, RFC 8032).
    pub key: [u8; 32],
}

/// The officer's advice.
#[derive(Debug, Clone)]
pub struct Advice {
    /// What it says.
    pub says: Arc<str>,
    /// Its reference.
    pub reference: Option<Arc<str>>,
    /// When it was given.
    pub on: Option<Date>,
}

/// What a vendor is to the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sells a file and sees no data.
    Supplier,
    /// Sees data; needs a contract (GDPR Art. 28).
    Processor,
}

/// A supplier or processor.
#[derive(Debug, Clone)]
pub struct Vendor {
    /// By which strategies name it.
    pub key: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// What it is to the shop.
    pub role: Role,
    /// The contract's reference.
    pub contract: Option<Arc<str>>,
}

/// How decisions are to be recorded.
#[derive(Debug, Clone)]
pub struct AuditRule {
    /// The reference of the balancing test.
    pub balance: Option<Arc<str>>,
    /// Whether every decision is recorded; otherwise refusals only.
    pub every_decision: bool,
    /// How long entries are kept.
    pub keep: Age,
    /// How long proofs of consent and erasure are kept after they end.
    pub keep_proofs: Option<Age>,
}
