//! A script's own tests: functions `test_…` that ask the shop and say what must stand on its page.
//!
//! A test is handed `shop`. `shop.ask()` or `shop.ask(#{ placement: "deals", subject: "camille", at:
//! "2026-11-20T10:00:00Z", context: #{ page_item: "TEN-103" }, session: #{ basket: ["MAT-101"] } })` gives a
//! page, which is asked for what it must hold. A history of the visit is told by its products, the last one newest:
//! `session: #{ viewed: ["TEN-103", "MAT-101"] }`.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use jardin_script_check::limits;
use rhai::{Array, Dynamic, Engine, EvalAltResult, Map, NativeCallContext, Position, Scope};

/// How many steps a test may take.
const STEPS: u64 = 1_000_000;

/// A value that a test sends with a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text, a choice, an item's id.
    Text(String),
    /// Ids or texts.
    List(Vec<String>),
}

/// A question of a test. What is not said is the shop's to choose.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TestQuestion {
    /// Where; otherwise the first placement where the script stands.
    pub placement: Option<String>,
    /// Which person of the fixtures; otherwise nobody known.
    pub subject: Option<String>,
    /// When; otherwise the fixtures' time.
    pub at: Option<String>,
    /// Context fields.
    pub context: BTreeMap<String, Given>,
    /// Session fields.
    pub session: BTreeMap<String, Given>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TestItem {
    /// Its id.
    pub id: String,
    /// Its place on the page, from 1.
    pub rank: Option<usize>,
    /// The product of all moves.
    pub factor: f64,
    /// Why it was left out.
    pub dropped: Option<String>,
    /// What the shopper is told.
    pub says: Option<String>,
    /// Each move in words.
    pub moves: Vec<String>,
}

/// A shop that answers the questions of tests.
pub trait TestShop: Send + Sync {
    /// Answers: every candidate and every item of the page.
    ///
    /// # Errors
    /// Why there is no answer, in words for whoever wrote the test.
    fn ask(&self, question: &TestQuestion) -> Result<Vec<TestItem>, String>;
}

/// Why a test failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// Line and column, from 1.
    pub at: (usize, usize),
    /// What was expected and what is true instead.
    pub message: String,
}

/// Runs one test of a script.
///
/// # Errors
/// The first expectation that does not hold, or what else went wrong.
pub fn run_test(source: &str, test: &str, shop: Arc<dyn TestShop>) -> Result<(), TestFailure> {
    let engine = test_engine();
    let outcome = engine
        .compile(source)
        .map_err(|e| Box::new(EvalAltResult::ErrorRuntime(e.to_string().into(), e.position())))
        .and_then(|ast| {
            let takes_shop = ast.iter_functions().any(|f| f.name == test && !f.params.is_empty());
            let args = if takes_shop { vec![Dynamic::from(Asked(shop))] } else { Vec::new() };
            engine.call_fn::<Dynamic>(&mut Scope::new(), &ast, test, args)
        });
    outcome.map(drop).map_err(|error| test_failure(&error))
}

/// The shop, as a test sees it.
#[derive(Clone)]
struct Asked(Arc<dyn TestShop>);

/// A page, as a test sees it.
#[derive(Debug, Clone)]
struct Page(Arc<Vec<TestItem>>);

type Outcome<T> = Result<T, Box<EvalAltResult>>;

fn test_engine() -> Engine {
    let mut engine = Engine::new_raw();
    for word in ["eval", "import", "export"] {
        engine.disable_symbol(word);
    }
    engine.set_max_operations(STEPS);
    engine.set_max_call_levels(limits::CALLS);
    engine.set_max_modules(0);
    engine.register_type_with_name::<Asked>("shop").register_type_with_name::<Page>("page");
    engine.register_fn("ask", |context: NativeCallContext<'_>, shop: &mut Asked| {
        ask_shop(&context, shop, &Map::new())
    });
    engine.register_fn("ask", |context: NativeCallContext<'_>, shop: &mut Asked, question: Map| {
        ask_shop(&context, shop, &question)
    });
    register_expectations(&mut engine);
    engine
}

fn ask_shop(context: &NativeCallContext<'_>, shop: &Asked, question: &Map) -> Outcome<Page> {
    let question = read_question(question).map_err(|what| fail_test(context, what))?;
    shop.0.ask(&question).map(|items| Page(Arc::new(items))).map_err(|what| fail_test(context, what))
}

fn read_question(map: &Map) -> Result<TestQuestion, String> {
    let mut question = TestQuestion::default();
    for (key, value) in map {
        let text = || value.clone().into_string().map_err(|_| format!("`{key}` is a text"));
        match key.as_str() {
            "placement" => question.placement = Some(text()?),
            "subject" => question.subject = Some(text()?),
            "at" => question.at = Some(text()?),
            "context" => question.context = read_fields(value)?,
            "session" => question.session = read_fields(value)?,
            _ => {
                return Err(format!(
                    "a question has no `{key}`; it has `placement`, `subject`, `at`, `context` and `session`"
                ));
            }
        }
    }
    Ok(question)
}

fn read_fields(value: &Dynamic) -> Result<BTreeMap<String, Given>, String> {
    let map = value
        .read_lock::<Map>()
        .ok_or("`context` and `session` are tables such as `#{ page_item: \"A\" }`")?;
    map.iter().map(|(key, value)| Ok((key.to_string(), read_value(value)?))).collect()
}

fn read_value(value: &Dynamic) -> Result<Given, String> {
    if let Some(list) = value.read_lock::<Array>() {
        let texts = list.iter().map(|t| t.clone().into_string().map_err(|_| "a list holds texts".to_owned()));
        return texts.collect::<Result<_, _>>().map(Given::List);
    }
    if let Ok(flag) = value.as_bool() {
        Ok(Given::Flag(flag))
    } else if let Ok(number) = value.as_float() {
        Ok(Given::Number(number))
    } else if let Some(number) = value.as_int().ok().and_then(|n| i32::try_from(n).ok()) {
        Ok(Given::Number(number.into()))
    } else {
        value
            .clone()
            .into_string()
            .map(Given::Text)
            .map_err(|_| "a field is a text, a number, a flag or a list".to_owned())
    }
}

/// What a page can be asked for; each fails with what is so instead.
fn register_expectations(engine: &mut Engine) {
    engine.register_fn("shows", |c: NativeCallContext<'_>, page: &mut Page, id: &str| {
        page.expect_that(&c, page.rank(id).is_some(), || {
            format!("`{id}` is not on the page; {}", page.describe_item(id))
        })
    });
    engine.register_fn("hides", |c: NativeCallContext<'_>, page: &mut Page, id: &str| {
        page.expect_that(&c, page.rank(id).is_none(), || {
            format!("`{id}` is on the page; {}", page.describe_item(id))
        })
    });
    engine.register_fn("before", |c: NativeCallContext<'_>, page: &mut Page, first: &str, second: &str| {
        let holds = page.rank(first).is_some_and(|a| page.rank(second).is_none_or(|b| a < b));
        page.expect_that(&c, holds, || {
            format!(
                "`{first}` does not stand before `{second}`; {}; {}",
                page.describe_item(first),
                page.describe_item(second)
            )
        })
    });
    engine.register_fn("drops", |c: NativeCallContext<'_>, page: &mut Page, id: &str, note: &str| {
        let is_dropped = page.item(id).is_some_and(|i| i.dropped.as_deref() == Some(note));
        page.expect_that(&c, is_dropped, || {
            format!("`{id}` is not dropped with \"{note}\"; {}", page.describe_item(id))
        })
    });
    engine.register_fn("boosts", |c: NativeCallContext<'_>, page: &mut Page, id: &str| {
        let is_boosted = page.item(id).is_some_and(|i| i.factor > 1.0);
        page.expect_that(&c, is_boosted, || format!("`{id}` is not boosted; {}", page.describe_item(id)))
    });
    engine.register_fn("buries", |c: NativeCallContext<'_>, page: &mut Page, id: &str| {
        let is_buried = page.item(id).is_some_and(|i| i.factor < 1.0);
        page.expect_that(&c, is_buried, || format!("`{id}` is not buried; {}", page.describe_item(id)))
    });
    engine.register_fn("says", |c: NativeCallContext<'_>, page: &mut Page, id: &str, code: &str| {
        let is_said = page.item(id).is_some_and(|i| i.says.as_deref() == Some(code));
        page.expect_that(&c, is_said, || {
            format!("the shopper is not told `{code}` about `{id}`; {}", page.describe_item(id))
        })
    });
    engine.register_fn("begins", |c: NativeCallContext<'_>, page: &mut Page, ids: Array| {
        let wanted: Vec<String> = ids.into_iter().filter_map(|id| id.into_string().ok()).collect();
        let shown = page.shown_ids();
        let holds = shown.len() >= wanted.len() && shown.iter().zip(&wanted).all(|(a, b)| *a == b);
        page.expect_that(&c, holds, || {
            format!("the page does not begin with {}; it is {}", wanted.join(", "), shown.join(", "))
        })
    });
}

impl Page {
    fn item(&self, id: &str) -> Option<&TestItem> {
        self.0.iter().find(|i| i.id == id)
    }

    fn rank(&self, id: &str) -> Option<usize> {
        self.item(id)?.rank
    }

    fn shown_ids(&self) -> Vec<&str> {
        let mut shown: Vec<&TestItem> = self.0.iter().filter(|i| i.rank.is_some()).collect();
        shown.sort_by_key(|i| i.rank);
        shown.into_iter().map(|i| i.id.as_str()).collect()
    }

    /// What is so of an item, in words.
    fn describe_item(&self, id: &str) -> String {
        let Some(item) = self.item(id) else {
            return format!("`{id}` is not a candidate");
        };
        let mut about = match (&item.dropped, item.rank) {
            (Some(note), _) => format!("`{id}` was dropped with \"{note}\""),
            (None, Some(rank)) => format!("`{id}` stands at {rank}"),
            (None, None) => format!("`{id}` is a candidate that has no place"),
        };
        if !item.moves.is_empty() {
            let _ = write!(about, " ({})", item.moves.join(", "));
        }
        about
    }

    fn expect_that(
        &self,
        context: &NativeCallContext<'_>,
        holds: bool,
        what: impl Fn() -> String,
    ) -> Outcome<()> {
        if holds { Ok(()) } else { Err(fail_test(context, what())) }
    }
}

fn fail_test(context: &NativeCallContext<'_>, what: String) -> Box<EvalAltResult> {
    Box::new(EvalAltResult::ErrorRuntime(what.into(), context.call_position()))
}

fn test_failure(error: &EvalAltResult) -> TestFailure {
    let inner = match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => return test_failure(inner),
        other => other,
    };
    let at: Position = inner.position();
    let message = match inner {
        EvalAltResult::ErrorRuntime(what, _) => what.to_string(),
        EvalAltResult::ErrorFunctionNotFound(name, _) => {
            format!(
                "a page is asked by `shows`, `hides`, `before`, `begins`, `drops`, `boosts`, `buries` or `says`, and not by `{name}`"
            )
        }
        other => other.to_string(),
    };
    TestFailure { at: (at.line().unwrap_or(1), at.position().unwrap_or(1)), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl TestShop for Fixed {
        fn ask(&self, question: &TestQuestion) -> Result<Vec<TestItem>, String> {
            let item = |id: &str, rank, factor, dropped: Option<&str>| TestItem {
                id: id.to_owned(),
                rank,
                factor,
                dropped: dropped.map(str::to_owned),
                ..TestItem::default()
            };
            match question.placement.as_deref() {
                Some("nowhere") => Err("there is no placement `nowhere`".to_owned()),
                _ => Ok(vec![
                    item("A", Some(1), 2.0, None),
                    item("B", Some(2), 0.5, None),
                    item("C", None, 1.0, Some("sold out")),
                ]),
            }
        }
    }

    #[test]
    fn an_expectation_that_does_not_hold_says_where_and_what_is_so() {
        for (body, expected) in [
            ("shop.ask().before(\"A\", \"B\");", None),
            (
                "let page = shop.ask(#{ context: #{ a: 1, b: [\"x\"] } }); page.begins([\"A\", \"B\"]); page.boosts(\"A\"); page.buries(\"B\");",
                None,
            ),
            ("shop.ask().drops(\"C\", \"sold out\");", None),
            ("shop.ask().shows(\"C\");", Some("`C` is not on the page; `C` was dropped with \"sold out\"")),
            (
                "shop.ask().before(\"B\", \"A\");",
                Some("`B` does not stand before `A`; `B` stands at 2; `A` stands at 1"),
            ),
            ("shop.ask().hides(\"A\");", Some("`A` is on the page; `A` stands at 1")),
            ("shop.ask().begins([\"B\"]);", Some("the page does not begin with B; it is A, B")),
            ("shop.ask(#{ placement: \"nowhere\" });", Some("there is no placement `nowhere`")),
            (
                "shop.ask(#{ place: \"x\" });",
                Some(
                    "a question has no `place`; it has `placement`, `subject`, `at`, `context` and `session`",
                ),
            ),
        ] {
            let source = format!("fn test_it(shop) {{\n  {body}\n}}");
            let failure = run_test(&source, "test_it", Arc::new(Fixed)).err();
            assert_eq!(failure.as_ref().map(|f| f.message.as_str()), expected, "{body}");
            assert!(failure.is_none_or(|f| f.at.0 == 2), "{body}");
        }
    }
}
