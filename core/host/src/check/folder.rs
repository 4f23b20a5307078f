//! Checking a shop folder.

use jardin_diagnostics::Report;
use jardin_engine::Config;
use jardin_model::Timestamp;
use jardin_policy::Policy;

use super::{
    checked_shop::CheckedShop,
    items,
    known_items::KnownItems,
    plugins,
    scripts::{self, ShopRules},
};
use crate::{
    HostError, ServerConfig, ShopFolder, SourceText, file_reads::untold_popularity, not_pinned, over_granted,
};

impl CheckedShop {
    /// Checks a shop folder at a time; a file that has errors hides only what depends on it.
    ///
    /// # Errors
    /// Where a file that must be there cannot be read.
    pub fn of_folder(folder: &ShopFolder, now: Timestamp) -> Result<Self, HostError> {
        let shown = folder.path().display().to_string();
        let config_source = folder.config_text().map_err(|error| {
            error.within(format!("`{shown}` is not a shop folder: it needs jardin.toml and policy.toml"))
        })?;
        let mut checked = Self { folder: shown, files: Vec::new(), unchecked: Vec::new(), notes: Vec::new() };
        if let Err(HostError::Refused(report)) = folder.names() {
            checked.add_report(*report);
            checked
                .unchecked
                .push("the policy, the scripts and the items, since jardin.toml cannot be read".into());
            return Ok(checked);
        }
        match checked.check_policy(folder, now)? {
            Some(policy) => {
                let config = Config::load(&config_source.file, &config_source.text, &policy);
                match checked.keep_report(config) {
                    Some(config) => {
                        let mut found =
                            plugins::find_setting_problems(folder, &policy, &config, &config_source.text);
                        let known = KnownItems::of_folder(folder, &config);
                        found.extend(known.iter().flat_map(|known| known.find_unfilled(&config)));
                        checked.add_config_findings(found);
                        checked.notes.extend(ended_rules(&config, &policy, now));
                        let rules = ShopRules { policy: &policy, config: &config, items: known.as_ref() };
                        scripts::check_scripts(&mut checked, folder, &rules)?;
                        items::check_items(&mut checked, folder, &policy, &config)?;
                    }
                    None => checked
                        .unchecked
                        .push("the scripts and the items, since jardin.toml has errors".into()),
                }
            }
            None => checked
                .unchecked
                .push("jardin.toml, the scripts and the items, since the policy has errors".into()),
        }
        if let Some(source) = folder.server_text()? {
            checked.check_server(&source);
        }
        Ok(checked)
    }

    fn check_policy(&mut self, folder: &ShopFolder, now: Timestamp) -> Result<Option<Policy>, HostError> {
        let source = folder.policy_text()?;
        let Some(policy) = self.keep_report(Policy::load(&source.file, &source.text)) else {
            return Ok(None);
        };
        let lock = folder.read_lock()?;
        if let Some(of_policy) = self.files.last_mut() {
            let findings = &mut of_policy.report.findings;
            findings.extend(not_pinned(folder, &policy, &lock));
            findings.extend(policy.dated_ahead(now));
            findings.extend(policy.overdue(now));
            findings.extend(over_granted(folder, &policy));
            findings.extend(untold_popularity(folder, &policy));
            findings.sort_by_key(|f| (f.span, f.code));
        }
        Ok(Some(policy))
    }

    fn check_server(&mut self, source: &SourceText) {
        let read = ServerConfig::load(&source.file, &source.text);
        self.add_report(read.err().unwrap_or_else(|| Report::new(&source.file, &source.text)));
    }
}

/// Campaigns and paid places that are over: they stay in the file and change nothing.
fn ended_rules(config: &Config, policy: &Policy, now: Timestamp) -> Vec<String> {
    let campaigns = config.campaigns.iter().map(|c| (format!("campaign `{}`", c.name), c.until));
    let paid = config.sponsored.iter().map(|s| (format!("the paid place of `{}`", s.advertiser), s.until));
    let ended = campaigns.chain(paid).filter(|(_, until)| *until <= now);
    let last_day = |until: Timestamp| policy.rules().zone.day(until.plus_ms(-1));
    ended
        .filter_map(|(what, until)| {
            Some(format!("{what} has been over since {}: it changes nothing", last_day(until)?))
        })
        .collect()
}
