//! The settings that jardin.toml gives to plugins, by what each plugin's manifest says that it takes.

use jardin_diagnostics::{Finding, Span};
use jardin_engine::Config;
use jardin_policy::{Policy, StrategyName};

use crate::{ShopFolder, codes::PLUGIN_SETTING, strategy_files};

/// What is wrong with the settings of plugins; nothing where a plugin's file is missing or does not tell.
pub(super) fn find_setting_problems(
    folder: &ShopFolder,
    policy: &Policy,
    config: &Config,
    text: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in strategy_files(folder, policy, None).iter().filter(|file| !file.is_script()) {
        let (Ok(plugin), Some(params)) = (file.plugin_file(), config.params.get(&file.rule.name)) else {
            continue;
        };
        let span = span_of_settings(text, &file.rule.name);
        findings.extend(plugin.manifest.setting_problems(params).into_iter().map(|problem| Finding {
            code: PLUGIN_SETTING,
            span,
            message: format!("plugin `{}`: {problem}", file.name),
            help: Some("`jardin plugin inspect FILE` lists the settings of a plugin".to_owned()),
        }));
    }
    findings
}

/// The head of a strategy's table of settings; the first byte where they are written in another form.
fn span_of_settings(text: &str, strategy: &StrategyName) -> Span {
    let head = format!("[strategies.{strategy}.params]");
    let start = text.find(&head);
    start.map_or(Span { start: 0, end: 0 }, |start| Span { start, end: start + head.len() })
}
