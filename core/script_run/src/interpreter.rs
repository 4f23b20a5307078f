//! The interpreter at work: one fresh scope and one budget a run, nothing kept between runs.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use jardin_contract::{Deadline, Effect, Effects, Failure, PageRule, Sources, StrategyRequest};
use jardin_model::{ItemIndex, Namespace, Zone};
use jardin_script_check::{Binding, Entry, Granted};
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, ParseError, Scope};

use crate::{
    budget::{self, Budget},
    host::{Asked, Candidates, Page, Person, Plan, Request},
    kept_results::KeptResults,
    outcome,
};

/// One in this number of candidates may fail before the whole run counts as failed.
pub(crate) const ONE_IN: usize = 5;

/// The candidates, as the loop over them names them.
const CANDIDATES: &str = "candidates_of_the_run";

/// The functions of a script under a loop that calls `adjust` for each candidate.
pub(crate) fn loop_over_candidates(
    engine: &Engine,
    ast: &AST,
    params: &[Binding],
) -> Result<AST, ParseError> {
    let names: Vec<&str> = params.iter().map(|p| p.name()).collect();
    let mut scope = Scope::new();
    for name in names.iter().chain([&CANDIDATES]) {
        scope.push_constant(*name, ());
    }
    let source = format!("for item in {CANDIDATES} {{ {}({}) }}", Entry::Adjust.name(), names.join(", "));
    Ok(ast.merge(&engine.compile_with_scope(&scope, source)?))
}

/// A script ready to be interpreted.
#[derive(Debug)]
pub(crate) struct Interpreter {
    pub(crate) engine: Engine,
    pub(crate) ast: AST,
    /// The functions of the script under a loop over the candidates.
    pub(crate) looped: Option<AST>,
    pub(crate) granted: Arc<Granted>,
    pub(crate) zone: Zone,
    pub(crate) candidates: Option<Vec<Binding>>,
    pub(crate) adjust: Option<Vec<Binding>>,
    pub(crate) arrange: Option<Vec<Binding>>,
    /// True where a word of the script tells the time.
    pub(crate) may_read_clock: bool,
    pub(crate) kept_sources: KeptResults<Sources>,
    pub(crate) kept_rules: KeptResults<Vec<PageRule>>,
}

impl Interpreter {
    /// On which lists the script builds.
    pub(crate) fn describe_sources(&self, ask: &StrategyRequest) -> Result<Sources, Failure> {
        let Some(params) = &self.candidates else {
            return Ok(Sources::Everything);
        };
        if self.follows_settings(params) {
            return self.kept_sources.result_for(&ask.params, || self.run_candidates(params, ask));
        }
        self.run_candidates(params, ask)
    }

    /// True where what a function gives follows from the settings alone.
    fn follows_settings(&self, params: &[Binding]) -> bool {
        let is_fixed = |b: &Binding| matches!(b, Binding::Params | Binding::Sources | Binding::Page);
        !self.may_read_clock && params.iter().all(is_fixed)
    }

    fn run_candidates(&self, params: &[Binding], ask: &StrategyRequest) -> Result<Sources, Failure> {
        let request = Request::new(ask, &self.zone);
        let budget = Budget::start(budget::step_limit(0), ask.deadline);
        let given = self.call_once(Entry::Candidates, params, &request, &budget)?;
        let plan = given
            .try_cast::<Plan>()
            .ok_or_else(|| Failure::Rejected { what: "`candidates` gave no list".into() })?;
        Ok(plan.into_sources())
    }

    /// The rules of the page.
    pub(crate) fn arrange_page(
        &self,
        request: &Arc<Request>,
        ask: &StrategyRequest,
    ) -> Result<Vec<PageRule>, Failure> {
        let Some(params) = &self.arrange else {
            return Ok(Vec::new());
        };
        let run = || {
            let budget = Budget::start(budget::step_limit(0), ask.deadline);
            let _ignored = self.call_once(Entry::Arrange, params, request, &budget)?;
            Ok(request.take_page())
        };
        if self.follows_settings(params) { self.kept_rules.result_for(&ask.params, run) } else { run() }
    }

    /// The effects on each candidate, on how many the script failed, and why on the last of them.
    pub(crate) fn adjust_candidates(
        &self,
        request: &Arc<Request>,
        deadline: Deadline,
        candidates: &[ItemIndex],
    ) -> Result<(Effects, usize, Option<Failure>), Failure> {
        let (Some(params), Some(looped)) = (&self.adjust, &self.looped) else {
            return Ok((Effects::all_unmoved(candidates.len()), 0, None));
        };
        let budget = Budget::start(budget::step_limit(candidates.len()), deadline);
        let going = Candidates::new(request, candidates);
        let mut scope = self.loop_scope(params, request);
        scope.push_constant_dynamic(CANDIDATES, Dynamic::from(going.clone()));
        let (mut failed, mut last) = (0, None);
        while let Err(error) = catch_panic(|| self.engine.run_ast_with_scope(&mut scope, looped)) {
            if let Some(failure) = outcome::ends_the_run(&error, budget.ended(), request.was_denied()) {
                return Err(failure);
            }
            failed += 1;
            last = Some(error);
            going.record_failure(left_out());
        }
        if request.was_denied() {
            return Err(Failure::Denied);
        }
        let fault = last.map(|error| outcome::script_failure(Entry::Adjust.name(), &error));
        match fault {
            Some(fault) if failed * ONE_IN > candidates.len() => Err(fault),
            fault => Ok((going.take_effects().into_iter().collect(), failed, fault)),
        }
    }

    /// What the loop over the candidates sees: everything that `adjust` is given but the candidate.
    fn loop_scope(&self, params: &[Binding], request: &Arc<Request>) -> Scope<'static> {
        let mut scope = Scope::new();
        for binding in params.iter().filter(|b| **b != Binding::Item) {
            scope.push_constant_dynamic(binding.name(), self.bind_parameter(*binding, request));
        }
        scope
    }

    fn call_once(
        &self,
        entry: Entry,
        params: &[Binding],
        request: &Arc<Request>,
        budget: &Budget,
    ) -> Result<Dynamic, Failure> {
        let given = self.call_entry(entry, params, request);
        if request.was_denied() {
            return Err(Failure::Denied);
        }
        given.map_err(|error| {
            let ends = outcome::ends_the_run(&error, budget.ended(), false);
            ends.unwrap_or_else(|| outcome::script_failure(entry.name(), &error))
        })
    }

    fn call_entry(
        &self,
        entry: Entry,
        params: &[Binding],
        request: &Arc<Request>,
    ) -> Result<Dynamic, Box<EvalAltResult>> {
        let args: Vec<Dynamic> =
            params.iter().map(|binding| self.bind_parameter(*binding, request)).collect();
        // only functions stand in the tree, so that there is nothing to evaluate before the call
        let options = CallFnOptions::new().eval_ast(false).rewind_scope(true);
        catch_panic(|| {
            self.engine.call_fn_with_options::<Dynamic>(
                options,
                &mut Scope::new(),
                &self.ast,
                entry.name(),
                args,
            )
        })
    }

    fn bind_parameter(&self, binding: Binding, request: &Arc<Request>) -> Dynamic {
        match binding {
            Binding::Item | Binding::Of(Namespace::Item | Namespace::Event) => Dynamic::UNIT,
            Binding::Of(namespace) => Dynamic::from(Person::new(request, &self.granted, namespace)),
            Binding::Params => Dynamic::from(request.params()),
            Binding::Sources => Dynamic::from(Asked),
            Binding::Page => Dynamic::from(Page::new(request)),
        }
    }
}

/// A panic of the interpreter is a failure of this script and of nothing else.
fn catch_panic<T>(call: impl FnOnce() -> Result<T, Box<EvalAltResult>>) -> Result<T, Box<EvalAltResult>> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err(Box::new(EvalAltResult::ErrorSystem(String::new(), "panic".into()))))
}

/// Why a candidate on which the script failed is left out.
pub(crate) const LEFT_OUT: &str = "the rule failed on it";

/// The effect on a candidate on which the script failed.
fn left_out() -> Effect {
    Effect { dropped: Some(LEFT_OUT.into()), ..Effect::default() }
}

/// The second lock: what happens to reads that the check would have refused, had it been passed by.
#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use jardin_contract::{Adjusted, Clock, Params, Seed, SystemClock};
    use jardin_model::{Catalogue, Item, ItemId, Timestamp, Value};
    use jardin_policy::Policy;
    use jardin_script_check::{SourceNames, parser};

    use super::*;
    use crate::host;

    fn policy() -> Policy {
        Policy::load("policy.toml", include_str!("../../script_check/tests/policy.toml")).unwrap().0
    }

    /// An interpreter with all of Rhai's words for a script that nobody checked.
    fn unchecked(policy: &Policy, source: &str) -> Interpreter {
        let rule = policy.strategy("house-rules").unwrap();
        let granted = Arc::new(Granted::of_strategy(rule, policy.rules()));
        let mut engine = parser();
        crate::budget::watch_steps(&mut engine, Arc::new(SystemClock) as Arc<dyn Clock>);
        host::register_language(&mut engine, &granted, &SourceNames::of_strategy(rule));
        let ast = engine.compile(source).unwrap();
        let function = ast.iter_functions().find(|f| f.name == "adjust");
        let adjust: Option<Vec<Binding>> =
            function.map(|f| f.params.iter().filter_map(|p| Binding::from_name(p)).collect());
        let looped = adjust.as_ref().map(|params| loop_over_candidates(&engine, &ast, params).unwrap());
        Interpreter {
            engine,
            ast,
            looped,
            granted,
            zone: Zone::utc(),
            candidates: None,
            adjust,
            arrange: None,
            may_read_clock: true,
            kept_sources: KeptResults::default(),
            kept_rules: KeptResults::default(),
        }
    }

    fn run(source: &str) -> Result<Adjusted, Failure> {
        let policy = policy();
        let item = Item {
            id: ItemId::new("A").unwrap(),
            fields: [("secret_note".into(), Value::Text("CANARY".into()))].into(),
        };
        let catalogue = Catalogue::of_items(policy.schema(), [item]);
        let screened = Arc::new(policy.screen(catalogue, None));
        let ask = StrategyRequest {
            view: Arc::new(policy.catalogue_view("house-rules", &screened, Timestamp::from_ms(0)).unwrap()),
            params: Params::default(),
            limit: 1,
            seed: Seed(1),
            deadline: Deadline::after(&SystemClock, Duration::from_secs(60)),
            explain: true,
        };
        let (interpreter, items) = (unchecked(&policy, source), [ItemIndex(0)]);
        let request = Request::new(&ask, &interpreter.zone);
        let (effects, failed, _) = interpreter.adjust_candidates(&request, ask.deadline, &items)?;
        Ok(Adjusted { effects, page: Vec::new(), failed })
    }

    #[test]
    fn a_denied_read_ends_the_run_and_cannot_be_caught() {
        for name in ["secret_note", "postcode", "nobody_declared_this", "categry"] {
            for source in [
                format!("fn adjust(item) {{ let x = item.{name}; }}"),
                format!("fn adjust(item) {{ let k = \"{name}\"; let x = item[k]; }}"),
                format!(
                    "fn adjust(item) {{ try {{ let x = item.{name}; }} catch (e) {{ item.boost(2, \"x\"); }} }}"
                ),
                format!(
                    "fn adjust(subject) {{ for k in [\"{name}\"] {{ try {{ let x = subject[k]; }} catch {{ }} }} }}"
                ),
                format!("fn adjust(context) {{ if context?.{name} == 1 {{ }} }}"),
                format!("fn f(x) {{ x.{name} }} fn adjust(item) {{ f(item) }}"),
            ] {
                assert_eq!(run(&source), Err(Failure::Denied), "{source}");
            }
        }
    }

    #[test]
    fn what_prints_or_shows_an_object_shows_no_field() {
        // nothing is registered that would; what Rhai itself makes of an object is its type
        for body in [
            "`${item}`.len()",
            "to_debug(item)",
            "item.to_string()",
            "item.keys()",
            "print(item)",
            "debug(item)",
        ] {
            let shown = run(&format!("fn adjust(item) {{ let x = {body}; }}"));
            assert!(!format!("{shown:?}").contains("CANARY"), "{body}");
        }
        let is_there = run("fn adjust(item) { if \"CANARY\" in `${item}` { item.boost(2); } }").unwrap();
        assert_eq!(is_there.effects.factors().first().copied(), Some(1.0));
    }

    #[test]
    fn an_object_cannot_be_written_to() {
        for body in [
            "item.price = 1",
            "item[\"price\"] = 1",
            "params.x = 1",
            "params[\"x\"] = 1",
            "context.region = 1",
        ] {
            let failed = run(&format!("fn adjust(item, params, context) {{ {body}; }}"));
            assert_eq!(failed.unwrap_err().word(), "error", "{body}");
        }
    }
}
