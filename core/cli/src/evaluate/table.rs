//! `jardin evaluate --train FILE --queries FILE`.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs::File,
    io::{BufReader, Read},
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use jardin_evaluate::{Line, Lists, Question, Report, Session, Shares, leave_last_one, measure};
use jardin_host::{
    ShopFolder, SourceText,
    evaluation::{ThrowawayPlan, ThrowawayShop, files_to_pin},
};
use jardin_model::Timestamp;
use serde_json::{Value, json};
use session_knn::{ItemFields, Params};

use super::{
    CurrentItem, EvaluateArgs,
    export::Export,
    floors,
    placement_answers::PlacementAnswers,
    privacy, progress, tell_pinned,
    tuning::{self, Present},
    visits::{Numbers, at_least, current, laid_over, people_lines},
};
use crate::{print, shop_arg::program_path};

pub(super) const POLICY: &str = include_str!("shop/policy.toml");
const CONFIG: &str = include_str!("shop/jardin.toml");
/// The baseline: what was ever in demand, each session alike.
const EVER: &str = "[strategies.popular.params]\nwindow_days = 7300\nhalf_life_days = 36500\n";
/// Published figures are of whatever one person did.
const ANYBODY: &str = "at_least_people = 1";
const FALLBACK: &str = "popular-now";
/// The strategies of the built-in policy that can be evaluated.
pub(super) const STRATEGIES: &[&str] =
    &["session-knn", "viewed-together", "bought-together", "trending", "popular", "new-items"];

/// The built-in policy with these strategies and the fallback, and without the others: who is not evaluated
/// need not learn. What fewer people did is not recommended.
pub(super) fn policy_of(strategies: &[String], at_least_people: u16) -> String {
    let head = "[strategies.";
    let mut parts = POLICY.split(head);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.split(']').next().unwrap_or_default();
        if name == FALLBACK || strategies.iter().any(|s| s == name) {
            text.push_str(head);
            text.push_str(part);
        }
    }
    text.replace(ANYBODY, &format!("at_least_people = {at_least_people}"))
}

/// Evaluates on tables.
pub(super) fn run(args: &EvaluateArgs, train: &Path) -> anyhow::Result<Report> {
    let Asked { sessions, questions, title } = read_tables(args, train)?;
    let strategies = chosen(args)?;
    let cut = sessions.iter().filter(|s| s.items.len() > MOST_LINES).count();
    if cut > 0 {
        print::error(&format!("warning: of {cut} sessions only the first {MOST_LINES} items count"));
    }
    let policy = policy_of(&strategies, args.at_least_people);
    print::error("the policy of this evaluation:\n");
    print::error(&policy);
    let checked = SourceText { file: "policy.toml".to_owned(), text: policy.clone() }.check_policy()?;
    tell_pinned(&files_to_pin(&shipped_plugins()?, &checked));
    let mut report = Report { k: usize::from(args.k), title, ..Report::default() };
    if args.tune {
        let visits = Numbers::new(&sessions).visits(&sessions);
        let revision = train.display().to_string();
        let rule = at_least(args.at_least_people.into());
        let present = Present { params: usual(args), fields: ItemFields::default(), rule };
        let tuned = tuning::choose(&visits, present, usize::from(args.k), &revision)?;
        (report.settings, report.validation) = (tuned.settings, tuned.validation);
    }
    let teaching = Teaching { policy: &policy, sessions: &sessions, consent: None };
    let shop = start_taught_shop(&config(args, &strategies, &report.settings), &teaching)?;
    let shares = Shares::count_visits(sessions.iter().map(|s| &s.items));
    let export = args.export.as_deref().map(|folder| Export::begin(folder, &questions)).transpose()?;
    for strategy in &strategies {
        let mut answers = Lists::default();
        let mut keep = |answer: &[Arc<str>]| {
            if export.is_some() {
                answers.add(answer, usize::from(args.k));
            }
        };
        report.strategies.push(line(&shop, strategy, &questions, usize::from(args.k), &shares, &mut keep)?);
        export.map(|export| export.write_answers(strategy, &answers)).transpose()?;
    }
    drop(shop);
    report.floors = floors(args, &questions, &shares);
    if strategies.iter().any(|name| name == "session-knn") {
        let least = BTreeSet::from([1, 3, usize::from(args.at_least_people)]);
        let params = laid_over(usual(args), &report.settings)?;
        let least: Vec<usize> = least.into_iter().collect();
        report.people = people_lines(&sessions, &questions, params, &least, usize::from(args.k))?;
    }
    if let Some(first) = strategies.first().filter(|_| args.price_of_privacy) {
        report.privacy = privacy::price(args, first, &report.settings, &sessions, &questions, &shares)?;
    }
    Ok(report)
}

/// What is learned, what is asked, and what that is called.
struct Asked {
    sessions: Vec<Session>,
    questions: Vec<Question>,
    title: String,
}

fn read_tables(args: &EvaluateArgs, train: &Path) -> anyhow::Result<Asked> {
    let sessions = jardin_evaluate::sessions(open(train)?)
        .with_context(|| format!("`{}` is refused", train.display()))?;
    if let Some(queries) = &args.queries {
        let questions = jardin_evaluate::questions(open(queries)?)
            .with_context(|| format!("`{}` is refused", queries.display()))?;
        let title = format!("{} on {}", queries.display(), train.display());
        return Ok(Asked { sessions, questions, title });
    }
    if !args.leave_last_one {
        bail!("there are no questions: give `--queries FILE`, or `--leave-last-one`");
    }
    let (sessions, questions) = leave_last_one(sessions);
    if questions.is_empty() {
        bail!("`{}` asks nothing: no session has two items", train.display());
    }
    Ok(Asked { sessions, questions, title: format!("the last item of each session of {}", train.display()) })
}

fn shipped_plugins() -> anyhow::Result<ShopFolder> {
    Ok(ShopFolder::of_program(&program_path()?))
}

/// What session_knn does where nothing was chosen.
fn usual(args: &EvaluateArgs) -> Params {
    Params { current: current(args.current_item), ..Params::default() }
}

/// What is taught under which policy.
pub(super) struct Teaching<'a> {
    pub(super) policy: &'a str,
    pub(super) sessions: &'a [Session],
    /// How many people agree to be learned from, in per cent; `None` where nobody is asked.
    pub(super) consent: Option<u32>,
}

fn chosen(args: &EvaluateArgs) -> anyhow::Result<Vec<String>> {
    if args.strategies.is_empty() {
        return Ok(vec!["session-knn".to_owned()]);
    }
    if let Some(unknown) = args.strategies.iter().find(|s| !STRATEGIES.contains(&s.as_str())) {
        bail!("there is no strategy `{unknown}` for tables; there are {}", STRATEGIES.join(", "));
    }
    Ok(args.strategies.clone())
}

/// Asks one strategy every question; `each` is called with each answer.
pub(super) fn line(
    shop: &ThrowawayShop,
    strategy: &str,
    questions: &[Question],
    k: usize,
    shares: &Shares,
    each: &mut dyn FnMut(&[Arc<str>]),
) -> anyhow::Result<Line> {
    let bar = progress(questions.len(), &format!("asking {strategy}"));
    let mut asking = PlacementAnswers { shop, placement: &placement(strategy) };
    let measured = measure(&mut asking, questions, k, shares, |answer| {
        each(answer);
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    Ok(Line { name: strategy.to_owned(), measured })
}

/// What a strategy's place is called.
pub(super) fn placement(strategy: &str) -> String {
    format!("evaluate-{strategy}")
}

/// jardin.toml with a place for each strategy, and the settings of session-knn.
pub(super) fn config(args: &EvaluateArgs, strategies: &[String], settings: &[(String, String)]) -> String {
    let mut text = CONFIG.to_owned();
    for strategy in strategies {
        let _ = write!(text, "{}", place(strategy, args));
        if strategy == "popular" {
            text.push_str(EVER);
        }
    }
    if strategies.iter().any(|name| name == "session-knn") {
        let again = if args.current_item == CurrentItem::Allow { "allow" } else { "exclude" };
        let _ = writeln!(text, "[strategies.session-knn.params]\ncurrent_item = \"{again}\"");
        for (name, value) in settings {
            let _ = writeln!(text, "{name} = {}", toml_value(value));
        }
    }
    text
}

/// A setting as TOML writes it: a number, else a text.
pub(super) fn toml_value(value: &str) -> String {
    if value.parse::<f64>().is_ok() { value.to_owned() } else { format!("\"{value}\"") }
}

/// A place that asks one strategy alone.
pub(super) fn place(strategy: &str, args: &EvaluateArgs) -> String {
    let repeats = match args.current_item {
        CurrentItem::Allow => "allow",
        CurrentItem::Exclude => "not the last",
    };
    format!(
        "[placements.{}]\nchain = [\"{strategy}\"]\nlimit = {}\nrepeats = \"{repeats}\"\n",
        placement(strategy),
        args.k
    )
}

/// A shop on which every strategy has learned what it may.
pub(super) fn start_taught_shop(config: &str, teaching: &Teaching<'_>) -> anyhow::Result<ThrowawayShop> {
    let Teaching { policy, sessions, consent } = *teaching;
    let last = sessions.iter().map(|s| s.at).max().unwrap_or(0);
    let now = Timestamp::from_ms(last.saturating_mul(1000).saturating_add(1000));
    let shop = ThrowawayShop::start(&ThrowawayPlan {
        policy,
        config,
        folder: &shipped_plugins()?,
        now,
        fill: &|_, _| Ok(()),
        change: &|policy| policy,
    })?;
    print::notices(&shop.notices);
    let items: BTreeSet<&Arc<str>> = sessions.iter().flat_map(|s| &s.items).collect();
    shop.put_items(
        items
            .into_iter()
            .map(|id| json!({"item_id": &**id, "fields": {"sku": &**id, "in_stock": true}}))
            .collect(),
    )?;
    let agreed = consent.map(|rate| privacy::record(&shop, sessions, rate)).transpose()?;
    let bar = progress(sessions.len(), "learning");
    let events = sessions.iter().enumerate().map(|(n, session)| event(n, session, consent.is_some()));
    let refused = shop.put_events(events, |count| bar.inc(count as u64))?;
    let learned = shop.teach_strategies();
    bar.finish_and_clear();
    let expected = agreed.unwrap_or(sessions.len().saturating_sub(refused));
    if let Some((name, count)) = learned.into_iter().find(|(_, count)| *count != expected) {
        bail!("`{name}` learned {count} of {expected} sessions");
    }
    if agreed.is_none() && refused > 0 {
        print::error(&format!("warning: {refused} sessions are refused"));
    }
    Ok(shop)
}

/// A session as one event: what was looked at in one go, in its order. Somebody is named only where consent
/// is asked.
fn event(n: usize, session: &Session, named: bool) -> Value {
    let lines: Vec<Value> =
        session.items.iter().take(MOST_LINES).map(|id| json!({"item_id": &**id})).collect();
    let whose = if named { "subject_id" } else { "session_id" };
    json!({
        "type": "purchase",
        "occurred_at": Timestamp::from_ms(session.at.saturating_mul(1000)).to_string(),
        whose: if named { privacy::person(n) } else { format!("row-{n}") },
        "items": lines,
    })
}

/// The most lines of an event that the engine takes.
const MOST_LINES: usize = 2_000;

fn open(path: &Path) -> anyhow::Result<BufReader<Box<dyn Read>>> {
    let file = File::open(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    Ok(BufReader::new(Box::new(file)))
}
