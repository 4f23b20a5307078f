//! What a strategy that is asked may learn of the question: nothing. How often it is asked and for how many items
//! depends on no data, whichever way a script takes.

use crate::shop::refusal;

/// A `candidates` with two helpers, of the body that is given.
fn candidates(body: &str) -> String {
    format!(
        "fn twice(x) {{ x * 2 }}
        fn size(c) {{ if c.region == \"corse\" {{ return 100; }} 200 }}
        fn ask(s, n) {{ s.popular_now(n) }}
        fn pick(s, c) {{ if c.region == \"corse\" {{ return s.popular_now(100); }} s.popular_now(200) }}
        fn either(a, b, c) {{ if c.region == \"corse\" {{ a }} else {{ b }} }}
        fn adjust(item, context) {{ twice(1); size(context); }}
        fn candidates(sources, context, params) {{ ask(sources, 1); pick(sources, params); either(1, 2, params); {body} }}"
    )
}

/// Ways to pass data as the limit of a source or as a share, by its value.
const BY_VALUE: [&str; 24] = [
    "sources.popular_now(100 + (context.page_item.margin ?? 0))",
    "sources.popular_now(context.hour ?? 100)",
    "sources.popular_now(context[\"hour\"] ?? 100)",
    "sources.catalogue(context.hour ?? 100, #{})",
    "sources.popular_now(1).mix(sources.bought_together(1), (context.hour ?? 1) / 24)",
    "let n = context.hour ?? 1; sources.popular_now(n)",
    "let here = context.page_item; let n = here.stock ?? 1; let m = n; sources.popular_now(m)",
    "let n = 1; n += context.hour ?? 1; sources.popular_now(n)",
    "let n = 1; n = context.hour ?? 1; sources.popular_now(n)",
    "sources.popular_now(twice(context.hour ?? 1))",
    "ask(sources, context.hour ?? 1)",
    "let s = sources; s.popular_now(context.hour ?? 1)",
    "let l = [1, context.hour ?? 2]; sources.popular_now(l[1])",
    "let m = #{ n: context.hour ?? 2 }; sources.popular_now(m.n)",
    "sources.popular_now([100, 200][if context.region == \"corse\" { 1 } else { 0 }])",
    "sources.popular_now(params.sizes[context.region ?? \"\"])",
    "sources.popular_now(`${context.region}`.len())",
    "sources.popular_now(len(context.page_item.tags ?? []))",
    "sources.popular_now(days_since(context.today) ?? 100)",
    "sources.popular_now(max(1, context.hour ?? 1))",
    "for n in [context.hour ?? 1] { return sources.popular_now(n); } sources.popular_now(1)",
    "for n in 1..5 { if n == (context.hour ?? 1) { return sources.popular_now(n); } } sources.popular_now(1)",
    "sources.popular_now(abs(-(context.hour ?? 1)))",
    "sources.popular_now({ let n = context.hour ?? 1; n })",
];

/// Ways to pass data by the way that is taken: what is assigned, where a loop ends, what is skipped.
const BY_CONTROL: [&str; 26] = [
    "sources.popular_now((if context.region == \"corse\" { 100 }) ?? 200)",
    "let n = if context.region == \"corse\" { 100 } else { 200 }; sources.popular_now(n)",
    "let n = switch context.region ?? \"\" { \"corse\" => 100, _ => 200 }; sources.popular_now(n)",
    "let n = switch params.word { \"a\" if context.region == \"corse\" => 100, _ => 200 }; sources.popular_now(n)",
    "let n = 100; if context.region == \"corse\" { n = 200; } sources.popular_now(n)",
    "let n = 100; if context.region == \"corse\" { } else { n = 200; } sources.popular_now(n)",
    "let n = 100; if context.page_item == () { n = 200; } sources.popular_now(n)",
    "let n = 100; if !(context.region == \"corse\") { n += 1; } sources.popular_now(n)",
    "let n = 100; if \"warm\" in (context.page_item.tags ?? []) { n = 200; } sources.popular_now(n)",
    "let n = 100; let is_so = context.region == \"corse\"; if is_so { n = 200; } sources.popular_now(n)",
    "let n = 100; if params.x == 1 && context.region == \"corse\" { n = 200; } sources.popular_now(n)",
    "let n = 100; let x = context.region == \"corse\" && { n = 200; true }; sources.popular_now(n)",
    "let n = 100; let x = context.region == \"corse\" || { n = 200; true }; sources.popular_now(n)",
    "let n = 100; let x = context.region ?? { n = 200; \"\" }; sources.popular_now(n)",
    "let n = 100; switch context.region ?? \"\" { \"corse\" => { n = 200; } _ => () } sources.popular_now(n)",
    "let n = 1; for t in context.page_item.tags ?? [] { n += 1; } sources.popular_now(n)",
    "let n = 1; for (t, i) in context.page_item.tags ?? [] { n = i; } sources.popular_now(n)",
    "let n = 1; for i in 0..(context.page_item.tags ?? []).len() { n = i; } sources.popular_now(n)",
    "let n = 1; while n < (context.hour ?? 1) { n += 1; } sources.popular_now(n)",
    "let n = 1; loop { n += 1; if n > (context.hour ?? 1) { break; } } sources.popular_now(n)",
    "let n = 1; for i in 0..9 { if i == (context.hour ?? 1) { continue; } n += i; } sources.popular_now(n)",
    "let n = 1; do { n += 1; } while n < (context.hour ?? 1); sources.popular_now(n)",
    "let n = 1; if context.region == \"corse\" { if params.x == 1 { n = 2; } } sources.popular_now(n)",
    "sources.popular_now(size(context))",
    "let share = 0.1; if context.region == \"corse\" { share = 0.9; } sources.popular_now(1).mix(sources.bought_together(1), share)",
    "let c = \"tents\"; if context.region == \"corse\" { c = \"lamps\"; } sources.catalogue(9, #{ category: c })",
];

/// Ways to pass data by which lists are asked for.
const BY_CHOICE: [&str; 20] = [
    "if context.region == \"corse\" { sources.popular_now(1) }",
    "if context.region == \"corse\" { sources.popular_now(100) } else { sources.popular_now(200) }",
    "if context.region == \"corse\" { return sources.popular_now(100); } sources.popular_now(200)",
    "if context.region == \"corse\" { sources.popular_now(100) } else { sources.bought_together(100) }",
    "if context.region == \"corse\" { sources.popular_now(1) } else { sources.catalogue(1, #{}) }",
    "let p = sources.popular_now(1); if context.region == \"corse\" { p = sources.popular_now(2); } p",
    "let p = sources.popular_now(1); if context.region == \"corse\" { p = p.or(sources.popular_now(1)); } p",
    "let p = sources.popular_now(1); for t in context.page_item.tags ?? [] { p = p.or(sources.popular_now(1)); } p",
    "let p = sources.popular_now(1); for t in context.page_item.tags ?? [] { p = p.or(sources.bought_together(1)); break; } p",
    "let p = sources.popular_now(1); for i in 0..9 { if i == (context.hour ?? 1) { return p; } p = p.or(sources.popular_now(1)); } p",
    "let p = sources.popular_now(1); let i = 0; while i < (context.hour ?? 1) { i += 1; p = p.or(p); } p",
    "switch context.region ?? \"\" { \"corse\" => sources.popular_now(1), _ => sources.popular_now(2) }",
    "let a = sources.popular_now(1); let b = sources.popular_now(2); if context.region == \"corse\" { a.or(b) } else { b.or(a) }",
    "let a = sources.popular_now(1); let b = sources.popular_now(2); if context.region == \"corse\" { a.mix(b, 0.5) } else { b.mix(a, 0.5) }",
    "pick(sources, context)",
    "either(sources.popular_now(1), sources.popular_now(2), context)",
    "if context.region == \"corse\" { sources.popular_now(params.a) } else { sources.popular_now(params.b) }",
    "if context.region == \"corse\" { ask(sources, params.a) } else { ask(sources, params.b) }",
    "let n = 1; let a = sources.popular_now(n); n = 2; let b = sources.popular_now(n); if context.region == \"corse\" { a } else { b }",
    "if context.region == \"corse\" { if params.x == 1 { return sources.popular_now(1); } } sources.popular_now(2)",
];

#[test]
fn no_data_reaches_a_source_or_a_share_by_its_value() {
    for body in BY_VALUE {
        let said = refusal(&candidates(body));
        assert!(said.contains("not-constant"), "{body}\n{said}");
    }
}

#[test]
fn no_data_reaches_a_source_or_a_share_by_the_way_that_is_taken() {
    for body in BY_CONTROL {
        let said = refusal(&candidates(body));
        assert!(said.contains("not-constant"), "{body}\n{said}");
    }
}

#[test]
fn which_lists_are_asked_for_depends_on_no_data() {
    for body in BY_CHOICE {
        let said = refusal(&candidates(body));
        assert!(said.contains("not-constant"), "{body}\n{said}");
    }
}

#[test]
fn what_tells_no_source_anything_is_allowed() {
    for body in [
        "sources.popular_now(100)",
        "sources.popular_now(params.n ?? 100)",
        "sources.popular_now(min(params.n ?? 1, 5) + 1)",
        "sources.popular_now(1).mix(sources.bought_together(1), params.share)",
        "let n = 100; n = 200; sources.popular_now(n)",
        "let n = 100; if params.x == 1 { n = 200; } sources.popular_now(n)",
        "let n = if params.x == 1 { 100 } else { 200 }; sources.popular_now(n)",
        "if params.x == 1 { return sources.popular_now(1); } sources.popular_now(2)",
        "switch params.word { \"a\" => sources.popular_now(1), _ => sources.bought_together(2) }",
        "let p = sources.popular_now(1); for n in params.sizes { p = p.or(sources.popular_now(n ?? 1)); } p",
        // the same lists, joined as the data says
        "let a = sources.popular_now(100); let b = sources.bought_together(200); if context.region == \"corse\" { return a.or(b); } b.or(a)",
        "let a = sources.popular_now(params.n ?? 9); let b = sources.bought_together(9); if context.region == \"corse\" { a.mix(b, 0.5) } else { b.or(a) }",
        "if context.region == \"corse\" { sources.popular_now(1).or(sources.bought_together(2)) } else { sources.bought_together(2).or(sources.popular_now(1)) }",
        // the catalogue is no strategy and learns nothing
        "let a = sources.popular_now(9); if context.region == \"corse\" { a } else { sources.catalogue(9, #{}).or(a) }",
        "let is_so = context.region == \"corse\"; let n = 100; sources.popular_now(n)",
    ] {
        assert_eq!(refusal(&candidates(body)), "loads", "{body}");
    }
}
