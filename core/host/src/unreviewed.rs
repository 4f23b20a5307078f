//! What stands for a plugin whose file nobody reviewed.

use async_trait::async_trait;
use jardin_contract::{
    Enforcement, Failure, Health, Kind, Ranking, Sources, Strategy, StrategyInfo, StrategyRequest,
};
use jardin_model::ItemIndex;
use jardin_policy::StrategyRule;

/// What stands for a plugin whose file was not reviewed: the policy refuses it before it is ever asked.
pub(crate) struct Unreviewed(StrategyInfo);

impl Unreviewed {
    pub(crate) fn new(rule: &StrategyRule, digest: [u8; 32]) -> Self {
        Self(StrategyInfo {
            name: rule.name.clone(),
            kind: Kind::Plugin,
            digest,
            enforcement: Enforcement::Sandbox { measures: Vec::new() },
        })
    }
}

#[async_trait]
impl Strategy for Unreviewed {
    fn info(&self) -> &StrategyInfo {
        &self.0
    }

    fn health(&self) -> Health {
        let note = Some("its file was not reviewed; run `jardin policy pin`".to_owned());
        Health { ready: false, note, ..Health::default() }
    }

    async fn sources(&self, _: &StrategyRequest) -> Result<Sources, Failure> {
        Ok(Sources::Empty)
    }

    async fn recommend(&self, _: &StrategyRequest, _: &[ItemIndex]) -> Result<Ranking, Failure> {
        Err(Failure::Starting)
    }
}
