//! What one script may use.

use std::{collections::BTreeSet, sync::Arc};

use jardin_host::ShopContent;
use jardin_model::{FieldType, Namespace};
use jardin_policy::StrategyRule;
use jardin_script_check::vocabulary::all_words;

/// One field that a script may read.
struct Field {
    namespace: Namespace,
    name: Arc<str>,
    /// What it holds in the granted form.
    kind: FieldType,
    /// The granted form.
    form: String,
    /// True where it may be absent.
    may_be_absent: bool,
}

/// What one script may use.
pub(super) struct Script {
    file: Arc<str>,
    strategy: String,
    purpose: String,
    fields: Vec<Field>,
    sources: Vec<String>,
    settings: Vec<String>,
    reasons: BTreeSet<Arc<str>>,
}

impl Script {
    /// What a strategy's script may use by its grants.
    pub(super) fn of(rule: &StrategyRule, file: &Arc<str>, folder: &ShopContent) -> Self {
        let valid = folder.policy.rules();
        let fields = rule.may_read.iter().filter_map(|grant| {
            let field = valid.field(grant.field)?;
            Some(Field {
                namespace: field.path.namespace,
                name: Arc::clone(&field.path.name),
                kind: grant.transform.gives(field.kind)?,
                form: grant.transform.to_string(),
                may_be_absent: !field.always,
            })
        });
        let mut fields: Vec<Field> = fields.collect();
        fields.sort_by(|a, b| (a.namespace, &a.name).cmp(&(b.namespace, &b.name)));
        let purpose = valid.purpose(rule.purpose);
        let mut reasons: BTreeSet<Arc<str>> = folder.config.reasons.keys().cloned().collect();
        if purpose.is_some_and(|p| p.profiling) {
            reasons.extend(valid.reasons.keys().cloned());
        }
        let settings = folder.config.params.get(&rule.name);
        Self {
            file: Arc::clone(file),
            strategy: rule.name.to_string(),
            purpose: purpose.map(|p| p.name.to_string()).unwrap_or_default(),
            fields,
            sources: rule.may_ask.iter().map(|name| name.as_str().replace('-', "_")).collect(),
            settings: settings.map(|s| s.0.keys().map(ToString::to_string).collect()).unwrap_or_default(),
            reasons,
        }
    }

    /// A section of the page.
    pub(super) fn page(&self) -> String {
        let mut lines = vec![
            format!("## {}", self.file),
            String::new(),
            format!("Strategy `{}`, purpose `{}`.", self.strategy, self.purpose),
            String::new(),
            "| field | holds | granted as | |\n|---|---|---|---|".to_owned(),
        ];
        lines.extend(self.fields.iter().map(|f| {
            let absent = if f.may_be_absent { "may be absent: guard it or use `??`" } else { "" };
            format!("| `{}.{}` | {} | {} | {absent} |", f.namespace.word(), f.name, f.kind, f.form)
        }));
        lines.push(String::new());
        lines.push(listed("Lists", self.sources.iter().map(|s| format!("sources.{s}(limit)"))));
        lines.push(listed("Settings", self.settings.iter().map(|s| format!("params.{s}"))));
        lines.push(listed("Reasons", self.reasons.iter().map(ToString::to_string)));
        lines.join("\n")
    }

    /// `clearance.d.rhai`.
    pub(super) fn definitions_file(&self) -> String {
        format!("{}.d.rhai", self.file.trim_end_matches(".rhai").replace('/', "_"))
    }

    /// What an editor is told.
    pub(super) fn definitions(&self) -> String {
        let mut text = format!(
            "// What `{}` may use, by the policy. Made by `jardin docs`.\nmodule static;\n",
            self.file
        );
        for field in &self.fields {
            let absent = if field.may_be_absent { " May be absent." } else { "" };
            text += &format!("\n/// Granted as: {}.{absent}\n", field.form);
            text += &format!("fn get {}(of: {}) -> {};\n", field.name, holder(field.namespace), kind(field));
        }
        for source in &self.sources {
            text += &format!(
                "\n/// The list of another strategy; empty where that one may not run.\nfn {source}(sources: Sources, limit: int) -> List;\n"
            );
        }
        for word in all_words() {
            text += &format!("\n/// {}\n{}\n", word.does, word.definition());
        }
        text
    }
}

const fn holder(namespace: Namespace) -> &'static str {
    match namespace {
        Namespace::Item => "Item",
        Namespace::Subject => "Subject",
        Namespace::Session | Namespace::Event => "Session",
        Namespace::Context => "Context",
    }
}

/// What may be absent, `()`, is of no one type.
const fn kind(field: &Field) -> &'static str {
    if field.may_be_absent {
        return "?";
    }
    match field.kind {
        FieldType::Id | FieldType::Text | FieldType::Choice | FieldType::Date | FieldType::Time => "String",
        FieldType::Number | FieldType::Money => "float",
        FieldType::Flag => "bool",
        FieldType::Item => "Item",
        FieldType::Texts | FieldType::Items | FieldType::Events => "Array",
    }
}

/// `Lists: a, b.`; a line of its own.
fn listed(what: &str, names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.map(|n| format!("`{n}`")).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    format!("{what}: {names}.  ")
}
