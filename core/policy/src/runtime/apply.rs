//! From stored values to granted ones: every transform has its one home here.

use std::{cell::OnceCell, sync::Arc};

use hmac::{Hmac, KeyInit as _, Mac as _};
use jardin_model::{
    Cell, DAY_MS, Date, EventKind, HistoryEvent, ItemId, ItemIndex, Namespace, Symbol, Timestamp, Value, Zone,
};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    Grant, Profile, ScreenedCatalogue, ViewEvent, ViewValue,
    flags::OLDEST,
    history::{account_has_ended, history, is_kept, session_has_ended},
};
use crate::rules::{Age, Class, Edges, FieldGrant, FieldId, FieldRule, PolicyRules, Transform};

/// Where the values of one view come from.
pub(super) struct Source<'a> {
    grant: &'a Grant,
    rules: &'a PolicyRules,
    profile: &'a Profile,
    screened: &'a ScreenedCatalogue,
    now: Timestamp,
    /// What is stored of the person counts: she is the one decided upon and her account has not ended.
    subject_counts: bool,
    session_counts: bool,
    /// The day of `now`, once it is asked for.
    today: OnceCell<Option<Date>>,
}

/// What a field holds before its last transform.
enum Held<'a> {
    Value(ViewValue),
    Events(Vec<&'a HistoryEvent>),
}

impl<'a> Source<'a> {
    pub(super) fn new(
        grant: &'a Grant,
        profile: &'a Profile,
        screened: &'a ScreenedCatalogue,
        now: Timestamp,
    ) -> Self {
        let rules = &*grant.rules;
        let subject_counts = profile
            .subject
            .as_ref()
            .is_some_and(|r| Some(r.person) == grant.person && !account_has_ended(r, rules, now));
        let session_counts = profile.session.as_ref().is_some_and(|s| !session_has_ended(s, rules, now));
        Self { grant, rules, profile, screened, now, subject_counts, session_counts, today: OnceCell::new() }
    }

    pub(super) fn value(&self, granted: &FieldGrant) -> Option<ViewValue> {
        let field = self.rules.field(granted.field)?;
        let Some(derived) = &field.derived else {
            return self.transform(&granted.transform, self.held(granted.field, field, granted.newest));
        };
        let from = self.rules.field(derived.from)?;
        let window = shorter(derived.newest, granted.newest, self.now, self.rules);
        let value = self.transform(&derived.transform, self.held(derived.from, from, window));
        self.transform(&granted.transform, value.map(Held::Value))
    }

    fn held(&self, id: FieldId, field: &'a FieldRule, window: Option<Age>) -> Option<Held<'a>> {
        match field.path.namespace {
            Namespace::Subject => self.of_subject(field, window),
            Namespace::Session if !field.of.is_empty() => {
                let events = self.profile.session.as_ref().filter(|_| self.session_counts)?;
                non_empty(
                    history(field, window, &events.events, self.screened, self.now, self.rules).collect(),
                )
            }
            Namespace::Session | Namespace::Context if field.from_clock => self.of_clock(field),
            Namespace::Session | Namespace::Context => {
                self.sent(field, self.profile.sent(id)?).map(Held::Value)
            }
            Namespace::Item | Namespace::Event => None,
        }
    }

    fn of_subject(&self, field: &'a FieldRule, window: Option<Age>) -> Option<Held<'a>> {
        let record = self.profile.subject.as_ref().filter(|_| self.subject_counts)?;
        if !field.of.is_empty() {
            return non_empty(
                history(field, window, &record.events, self.screened, self.now, self.rules).collect(),
            );
        }
        if &*field.path.name == "id" {
            return self.profile.subject_id.as_ref().map(|id| Held::Value(ViewValue::Text(id.shared())));
        }
        let stored = record.fields.get(&field.path.name)?;
        let counts = is_kept(field, stored.stored_at, self.now, self.rules)
            && window.is_none_or(|age| stored.stored_at > age.before(self.now, &self.rules.zone));
        if counts { self.sent(field, &stored.value).map(Held::Value) } else { None }
    }

    fn of_clock(&self, field: &FieldRule) -> Option<Held<'a>> {
        let zone = &self.rules.zone;
        let value = match &*field.path.name {
            "hour" => ViewValue::Number(zone.hour(self.now)?.into()),
            "weekday" => ViewValue::Number(zone.day(self.now)?.weekday().to_monday_one_offset().into()),
            _ => ViewValue::Date(zone.day(self.now)?),
        };
        Some(Held::Value(value))
    }

    /// A raw value as it is seen; what the field cannot hold (any longer) is absent.
    fn sent(&self, field: &FieldRule, value: &Value) -> Option<ViewValue> {
        if !field.accepts(value) {
            return None;
        }
        Some(match value {
            Value::Text(text) => ViewValue::Text(Arc::clone(text)),
            Value::Texts(texts) => ViewValue::Texts(Arc::clone(texts)),
            Value::Number(n) => ViewValue::Number(*n),
            Value::Money(money) => ViewValue::Number(money.major_units()),
            Value::Flag(flag) => ViewValue::Flag(*flag),
            Value::Date(date) => ViewValue::Date(*date),
            Value::Time(time) => ViewValue::Time(*time),
            Value::Item(id) => ViewValue::Item(self.item(field, id)?),
            Value::Items(ids) => {
                let known: Vec<ItemIndex> = ids.iter().filter_map(|id| self.item(field, id)).collect();
                // a list of which nothing may be told must not tell that there was something
                if known.is_empty() {
                    return None;
                }
                ViewValue::Items(known.into())
            }
        })
    }

    /// A live product; one of `[never]` is absent wherever it would stand beside a person.
    fn item(&self, field: &FieldRule, id: &ItemId) -> Option<ItemIndex> {
        let index = self.screened.catalogue().find_row(id)?.index();
        let beside_a_person = field.class != Class::None || self.rules.reads_a_person(&self.grant.rule);
        (!beside_a_person || self.screened.may_be_tied_to_a_person(index)).then_some(index)
    }

    fn transform(&self, transform: &Transform, held: Option<Held<'_>>) -> Option<ViewValue> {
        if *transform == Transform::YesOrNo {
            return Some(ViewValue::Flag(held.is_some()));
        }
        match (transform, held?) {
            (Transform::Exact, Held::Value(value)) => Some(value),
            (Transform::Exact, Held::Events(events)) => {
                Some(ViewValue::Events(self.flatten(&events).collect()))
            }
            (Transform::Year, Held::Value(ViewValue::Date(date))) => {
                Some(ViewValue::Number(date.year().into()))
            }
            (Transform::AgeBand { years, from, to }, Held::Value(ViewValue::Date(birth))) => {
                self.age_band(birth, *years, *from, *to)
            }
            (Transform::FirstCharacters { n }, Held::Value(ViewValue::Text(text))) => {
                Some(ViewValue::Text(text.nfc().take(*n).collect::<String>().into()))
            }
            (Transform::Round { to }, Held::Value(ViewValue::Number(n))) => finite((n / to).round() * to),
            (Transform::Bucket { edges }, Held::Value(ViewValue::Number(n))) => Some(bucket(n, edges)),
            (Transform::Generalise { map }, Held::Value(ViewValue::Text(text))) => {
                map.get(&text).map(|t| ViewValue::Text(Arc::clone(t)))
            }
            (Transform::Top { k, of }, Held::Events(events)) => {
                self.top(self.flatten(&events).map(|e| (e.item, e.at)), *k, *of)
            }
            (Transform::Top { k, of }, Held::Value(ViewValue::Items(items))) => {
                self.top(items.iter().map(|i| (*i, self.now)), *k, *of)
            }
            (Transform::Typical { of, edges }, Held::Events(events)) => self.typical(&events, *of, edges),
            (Transform::Count { edges }, Held::Events(events)) => {
                Some(bucket(as_number(events.len()), edges))
            }
            (Transform::Pseudonym { changes_every }, Held::Value(ViewValue::Text(text))) => {
                self.pseudonym(&text, *changes_every)
            }
            // a transform that does not apply gives absent, never the raw value
            _ => None,
        }
    }

    fn flatten<'e>(&self, events: &'e [&HistoryEvent]) -> impl Iterator<Item = ViewEvent> + use<'e, '_, 'a> {
        let screened = self.screened;
        let line = move |e: &'e HistoryEvent| {
            let (kind, at): (EventKind, Timestamp) = (e.kind, e.at);
            let lines = e.lines.iter().filter(move |l| screened.may_be_tied_to_a_person(l.item));
            lines.map(move |l| ViewEvent { kind, at, item: l.item, quantity: l.quantity })
        };
        events.iter().flat_map(move |e| line(e))
    }

    fn today(&self) -> Option<Date> {
        *self.today.get_or_init(|| self.rules.zone.day(self.now))
    }

    fn age_band(&self, birth: Date, years: i16, from: i16, to: i16) -> Option<ViewValue> {
        let age = Some(Zone::age_on(birth, self.today()?)).filter(|age| (0..=OLDEST).contains(age))?;
        let band = if age < from {
            format!("under {from}")
        } else if age >= to {
            format!("{to} and over")
        } else {
            let low = (age - from) / years * years + from;
            format!("{low}-{}", (low + years).min(to) - 1)
        };
        Some(ViewValue::Text(band.into()))
    }

    /// By count, then the most recent, then the name.
    fn top(
        &self,
        items: impl Iterator<Item = (ItemIndex, Timestamp)>,
        k: usize,
        of: FieldId,
    ) -> Option<ViewValue> {
        let column = self.column(of)?;
        let catalogue = self.screened.catalogue();
        let mut seen: Vec<(Symbol, Timestamp)> = Vec::new();
        for (item, at) in items {
            match catalogue.row(item).map(|row| row.cell(column)) {
                Some(Cell::Text(symbol, _)) => seen.push((symbol, at)),
                Some(Cell::Texts(symbols)) => seen.extend(symbols.iter().map(|symbol| (*symbol, at))),
                _ => {}
            }
        }
        seen.sort_unstable();
        let one = |same: &[(Symbol, Timestamp)]| {
            let (symbol, latest) = same.last()?;
            Some((same.len(), *latest, catalogue.dictionary().text(*symbol)?))
        };
        let mut ranked: Vec<(usize, Timestamp, &Arc<str>)> =
            seen.chunk_by(|(a, _), (b, _)| a == b).filter_map(one).collect();
        ranked.sort_unstable_by(|(na, ta, a), (nb, tb, b)| nb.cmp(na).then(tb.cmp(ta)).then(a.cmp(b)));
        let texts: Vec<Arc<str>> = ranked.into_iter().take(k).map(|(_, _, text)| Arc::clone(text)).collect();
        (!texts.is_empty()).then(|| ViewValue::Texts(texts.into()))
    }

    fn column(&self, field: FieldId) -> Option<usize> {
        self.rules.field(field).and_then(|f| self.rules.schema.position(&f.path.name))
    }

    /// The lower median, to the nearest edge; of two equally near the lower one.
    fn typical(&self, events: &[&HistoryEvent], of: FieldId, edges: &Edges) -> Option<ViewValue> {
        let column = self.column(of)?;
        let number = |item| match self.screened.catalogue().row(item).map(|row| row.cell(column)) {
            Some(Cell::Number(n)) => Some(n),
            _ => None,
        };
        let mut numbers: Vec<f64> = self.flatten(events).filter_map(|e| number(e.item)).collect();
        numbers.sort_by(f64::total_cmp);
        let median = *numbers.get(numbers.len().checked_sub(1)? / 2)?;
        edges
            .borders()
            .iter()
            .copied()
            .min_by(|a, b| (a - median).abs().total_cmp(&(b - median).abs()))
            .and_then(finite)
    }

    fn pseudonym(&self, text: &str, changes_every: Age) -> Option<ViewValue> {
        // without the store's secret anybody could try ids out
        if self.grant.secret == [0; 32] {
            return None;
        }
        let period = match changes_every {
            Age::Ms(ms) => self.now.ms().div_euclid(ms.max(1)),
            Age::Months(months) => self.months_since_1970().div_euclid(i64::from(months.max(1))),
        };
        let mut mac = <Hmac<Sha256>>::new_from_slice(&self.grant.secret).ok()?;
        let strategy = self.grant.rule.name.as_str();
        for part in [strategy.as_bytes(), &period.to_le_bytes(), text.as_bytes()] {
            // each part with its length first, so that no two lists of parts read alike
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        let digest = mac.finalize().into_bytes();
        Some(ViewValue::Text(digest.iter().take(16).map(|b| format!("{b:02x}")).collect::<String>().into()))
    }

    fn months_since_1970(&self) -> i64 {
        let day = jardin_model::Zone::utc().day(self.now);
        day.map_or(self.now.ms() / (30 * DAY_MS), |d| {
            (i64::from(d.year()) - 1970) * 12 + i64::from(d.month()) - 1
        })
    }
}

fn non_empty(events: Vec<&HistoryEvent>) -> Option<Held<'_>> {
    (!events.is_empty()).then_some(Held::Events(events))
}

fn shorter(a: Option<Age>, b: Option<Age>, now: Timestamp, rules: &PolicyRules) -> Option<Age> {
    match (a, b) {
        (Some(a), Some(b)) if a.before(now, &rules.zone) >= b.before(now, &rules.zone) => Some(a),
        (Some(_), Some(b)) => Some(b),
        (a, b) => a.or(b),
    }
}

fn finite(n: f64) -> Option<ViewValue> {
    n.is_finite().then_some(ViewValue::Number(n))
}

#[expect(clippy::cast_precision_loss, reason = "a count of at most some thousand events")]
const fn as_number(count: usize) -> f64 {
    count as f64
}

/// `under 25`, `25-50`, `50 and over`: a border belongs to the class above it.
fn bucket(n: f64, edges: &Edges) -> ViewValue {
    let borders = edges.borders();
    let above = borders.partition_point(|border| *border <= n);
    let text = match (above.checked_sub(1).and_then(|i| borders.get(i)), borders.get(above)) {
        (None, Some(high)) => format!("under {high}"),
        (Some(low), Some(high)) => format!("{low}-{high}"),
        (Some(low), None) => format!("{low} and over"),
        (None, None) => String::new(),
    };
    ViewValue::Text(text.into())
}
