//! Why a plugin is not loaded.

use std::sync::Arc;

/// Why a plugin is not loaded. Each says what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum NativeError {
    /// The file cannot be read.
    #[error("plugin `{name}` cannot be read from `{path}`")]
    Read {
        /// The plugin's name.
        name: Arc<str>,
        /// Where it was looked for.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is no library that can be loaded.
    #[error("plugin `{name}` is refused: {what}")]
    File {
        /// The plugin's name.
        name: Arc<str>,
        /// What is wrong and what to do.
        what: String,
    },
    /// The file has no manifest, or one that cannot be read.
    #[error("plugin `{name}` has no usable manifest: {what}")]
    Manifest {
        /// The plugin's name.
        name: Arc<str>,
        /// What is wrong and what to do.
        what: String,
    },
    /// The policy withholds a field without which the plugin does not work.
    #[error(
        "plugin `{name}` needs {fields}, which the policy does not grant to `{strategy}`; grant it under `may_read`, or use another plugin"
    )]
    Withheld {
        /// The plugin's name.
        name: Arc<str>,
        /// The strategy's name.
        strategy: String,
        /// The withheld fields.
        fields: String,
    },
    /// The shop gives settings that the plugin does not take.
    #[error("the settings of strategy `{strategy}` do not suit plugin `{name}`: {what}")]
    Settings {
        /// The plugin's name.
        name: Arc<str>,
        /// The strategy's name.
        strategy: String,
        /// What is wrong.
        what: String,
    },
    /// The strategy learns and the plugin does not.
    #[error("strategy `{strategy}` has `may_learn_from`, and plugin `{name}` does not learn; remove it")]
    DoesNotLearn {
        /// The plugin's name.
        name: Arc<str>,
        /// The strategy's name.
        strategy: String,
    },
    /// The policy lets people be counted and the plugin does not count them.
    #[error(
        "strategy `{strategy}` counts people, at least {at_least} of them, and plugin `{name}` does not; use another plugin, or write `at_least_people = 1` and nothing else beside the histories of `may_learn_from`"
    )]
    DoesNotCountPeople {
        /// The plugin's name.
        name: Arc<str>,
        /// The strategy's name.
        strategy: String,
        /// How many people the policy asks for.
        at_least: u32,
    },
    /// The worker did not come up.
    #[error("the worker of plugin `{name}` did not start: {what}")]
    Start {
        /// The plugin's name.
        name: Arc<str>,
        /// What happened.
        what: String,
    },
}
