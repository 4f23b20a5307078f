//! What is known of the settings: jardin.toml says which there are, and of which type.

use jardin_contract::Param;
use jardin_diagnostics::did_you_mean;
use rhai::{Expr, Position};

use super::{
    Walk,
    abstracts::{Absence, Abstract, Object, Origin, Place, Value},
    value_type::ValueType,
};
use crate::{
    codes::UNKNOWN_SETTING,
    parsed::{Step, chain_of},
};

impl Walk<'_> {
    /// `params.name`: of the types that it has in jardin.toml and in each campaign.
    pub(super) fn read_setting(&mut self, name: &str, at: Position) -> Abstract {
        if let Some(read) = &mut self.settings {
            read.insert(name.into());
        }
        self.find_misspelt(name, at);
        let written = self.written_settings(name);
        let own = written.iter().map(|param| ValueType::of_param(param));
        let own = own.fold(ValueType::NONE, ValueType::join_types);
        let element = written.iter().map(|param| ValueType::inside_param(param));
        let element = element.fold(ValueType::NONE, ValueType::join_types);
        let is_set = self.names.params.get(name).is_some();
        Abstract::Value(Value {
            absence: if is_set { Absence::Never } else { Absence::Field },
            inner: Absence::Settings,
            place: Some(Place { object: Object::Settings, field: Some(name.into()) }),
            origin: Origin::Settings,
            own,
            element,
        })
    }

    /// A setting by a computed name: it may be any.
    pub(super) fn read_any_setting(&mut self, origin: Origin) -> Abstract {
        self.settings = None;
        Abstract::Value(Value { origin: origin.max(Origin::Settings), ..Value::SETTING })
    }

    /// A setting as jardin.toml writes it, and as each campaign does.
    fn written_settings(&self, name: &str) -> Vec<&Param> {
        let all = std::iter::once(self.names.params).chain(self.names.laid_over);
        all.filter_map(|params| params.get(name)).collect()
    }

    /// The numbers that `params.name` is set to; none for any other expression.
    pub(super) fn setting_numbers(&self, expr: &Expr) -> Vec<f64> {
        let Some((Expr::Variable(names, ..), steps)) = chain_of(expr) else {
            return Vec::new();
        };
        let [Step::Property(name, _)] = steps[..] else {
            return Vec::new();
        };
        if self.state.variable_named(&names.1) != Some(&Abstract::Params) {
            return Vec::new();
        }
        #[expect(clippy::cast_precision_loss, reason = "settings of scripts are figures of people")]
        let number = |param: &Param| match param {
            Param::Integer(i) => Some(*i as f64),
            Param::Number(n) => Some(*n),
            _ => None,
        };
        self.written_settings(name).into_iter().filter_map(number).collect()
    }

    /// A name that is not set anywhere and is almost one that is.
    fn find_misspelt(&mut self, name: &str, at: Position) {
        if !self.written_settings(name).is_empty() {
            return;
        }
        let all = std::iter::once(self.names.params).chain(self.names.laid_over);
        let near = did_you_mean(name, all.flat_map(|params| params.0.keys()).map(|key| &**key));
        if let Some(near) = near.map(str::to_owned) {
            let message = format!("no setting `{name}`; did you mean `{near}`?");
            let help = format!("write `params.{near}`; one that is not set is `()`");
            self.add_finding(UNKNOWN_SETTING, at, message, Some(help));
        }
    }

    /// Where a setting is written, as its merchant does.
    pub(super) fn setting_line(&self, name: &str, example: &str) -> String {
        format!(
            "write `{name} = {example}` under `[strategies.{}.params]` in jardin.toml",
            self.names.strategy
        )
    }
}
