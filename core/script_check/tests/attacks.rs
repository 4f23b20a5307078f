//! What a script might try in order to read what it was not granted: each is refused before it runs.

use crate::shop::refusal;

/// The body of an `adjust` that is refused, and words that the refusal names.
fn refused(body: &str, code: &str) {
    let said = refusal(&format!("fn adjust(item, subject, session, context, params) {{ {body} }}"));
    assert!(said.contains(code), "{body}\n{said}");
}

#[test]
fn a_literal_denied_field() {
    for body in [
        "if item.secret_note == \"x\" { item.boost(2); }",
        "let x = subject.postcode;",
        "let x = item[\"secret_note\"];",
        "let x = item?.secret_note;",
        "let x = context.page_item.secret_note;",
        "let x = `${item.secret_note}`;",
        "let x = item.secret_note in [\"a\"];",
        "let x = \"a\" in item.secret_note;",
        "switch item.secret_note { \"x\" => item.boost(2), _ => () }",
        "for b in session.basket ?? [] { let x = b.secret_note; }",
        "for e in subject.viewed ?? [] { let x = e.item.secret_note; }",
        "if false { let x = item.secret_note; }",
        "return; let x = item.secret_note;",
        "item.secret_note = 1;",
        "item.secret_note += 1;",
    ] {
        refused(body, "field-not-granted");
    }
    let page = refusal("fn arrange(page) { page.max_per(\"secret_note\", 1); }");
    assert!(page.contains("field-not-granted"), "{page}");
    let source = refusal("fn candidates(sources) { sources.catalogue(9, #{ secret_note: \"x\" }) }");
    assert!(source.contains("field-not-granted"), "{source}");
}

#[test]
fn a_computed_key() {
    for body in [
        "let k = \"secret\" + \"_note\"; let x = item[k];",
        "let x = item[`${1}secret_note`];",
        "let x = subject[params.key];",
        "let x = item[params.keys[0]];",
        "for k in [\"secret_note\", \"postcode\"] { try { let x = item[k]; } catch { } }",
        "let x = context.page_item[params.key];",
        "let x = item?[params.key];",
        "item[params.key] = 1;",
    ] {
        refused(body, "dynamic-field");
    }
}

#[test]
fn alias_argument_and_return() {
    refused("let i = item; let j = i; let x = j.secret_note;", "field-not-granted");
    refused("let i = item; { let i = context.page_item; let x = i.secret_note; }", "field-not-granted");
    refused("let i = 1; i = item; let x = i.secret_note;", "whole-object");
    refused("let i = item; i = 1;", "whole-object");
    refused("let i = if item.price > 1 { item } else { context.page_item };", "whole-object");
    refused("let i = [item];", "whole-object");
    refused("let i = #{ a: item };", "whole-object");
    refused("let m = #{}; m.a = item;", "whole-object");
    refused("let m = #{}; m.a = 1;", "not-in-scripts");
    refused("let m = [1]; m[0] = 1;", "not-in-scripts");
    refused("let i = item ?? context.page_item;", "whole-object");
    refused("return item;", "whole-object");
    refused("let s = subject; let x = `${s}`;", "whole-object");
    refused("let x = item == context.page_item;", "whole-object");
    refused("let x = item in [1];", "whole-object");
    refused("let x = 1 in subject;", "whole-object");
    refused("let x = len(item);", "whole-object");
    refused("for x in subject { }", "whole-object");
    refused("for x in [session.basket] { }", "whole-object");
    refused("switch item { 1..2 => 1, _ => 2 }", "whole-object");
    refused("if item { }", "whole-object");
    refused("let x = params.a[item];", "whole-object");
    let leak = |text: &str| refusal(text);
    assert!(leak("fn f(x) { x.secret_note } fn adjust(item) { f(item); }").contains("field-not-granted"));
    assert!(leak("fn f(x) { x } fn adjust(item) { f(item).secret_note; }").contains("whole-object"));
    assert!(leak("fn f(x) { return x; } fn adjust(item) { f(item).secret_note; }").contains("whole-object"));
    assert!(
        leak("fn f(x) { if x == () { } f(x); x.secret_note } fn adjust(item) { f(item); }")
            .contains("field-not-granted")
    );
    assert!(
        leak("fn f(x) { let y = [x]; y[0].secret_note } fn adjust(item, subject) { f(subject); }")
            .contains("whole-object")
    );
}

#[test]
fn enumerating_keys_json_and_debug() {
    for body in [
        "let x = item.keys();",
        "let x = item.values();",
        "let x = item.to_json();",
        "let x = item.to_string();",
        "let x = item.to_debug();",
        "let x = to_debug(item);",
        "let x = type_of(item);",
        "print(item);",
        "debug(item.price);",
        "print(\"x\");",
        "item.dump();",
        "let x = item.get(\"secret_note\");",
        "let x = is_def_var(\"x\");",
        "let x = is_def_fn(\"x\", 1);",
    ] {
        let said = refusal(&format!("fn adjust(item) {{ {body} }}"));
        assert!(said.contains("not-in-scripts") || said.contains("unknown-function"), "{body}\n{said}");
    }
}

#[test]
fn other_code_and_functions_by_name() {
    for body in [
        "eval(\"item.secret_note\");",
        "import \"other\" as o;",
        "let f = Fn(\"get$secret_note\"); f.call(item);",
        "let f = |x| x.secret_note; f.call(item);",
        "let f = || item.secret_note; f.call();",
        "call(Fn(\"len\"), item);",
        "item.call(\"x\");",
        "\"len\".call();",
        "let f = params.f; f.call(item);",
        "let x = this.secret_note;",
        "let x = global::item;",
        "let x = std::len(item);",
        "helper!(item);",
        "try { item.boost(100); } catch (e) { item.boost(2); }",
        "throw item.price;",
        "[1].map(|x| x);",
        "[1].sort(|a, b| item.price);",
        "sleep(10);",
    ] {
        let said = refusal(&format!("fn helper(x) {{ 1 }} fn adjust(item, params) {{ {body} }}"));
        assert_ne!(said, "loads", "{body}");
    }
    assert_ne!(refusal("fn Item.leak() { this.secret_note } fn adjust(item) { item.leak(); }"), "loads");
    assert_ne!(refusal("fn leak() { this.secret_note } fn adjust(item) { item.leak(); }"), "loads");
    assert_ne!(refusal("export const X = 1; fn adjust(item) { }"), "loads");
    for name in ["boost", "contains", "len", "popular_now", "catalogue", "max_per", "print"] {
        assert_ne!(
            refusal(&format!("fn {name}(x) {{ 1 }} fn adjust(item) {{ {name}(1); }}")),
            "loads",
            "{name}"
        );
    }
}

#[test]
fn parts_of_other_parameters() {
    for source in [
        "fn candidates(sources, subject) { sources.catalogue(1, #{}) }",
        "fn candidates(sources, item) { sources.catalogue(1, #{}) }",
        "fn arrange(page, subject) { }",
        "fn arrange(page, session) { }",
        "fn adjust(item, sources) { }",
        "fn adjust(item, page) { }",
        "fn adjust(item, other) { }",
    ] {
        assert!(refusal(source).contains("wrong-signature"), "{source}");
    }
}

#[test]
fn nesting_and_size() {
    let wrap = |n: usize| format!("fn adjust(item) {{ let x = {}1{}; }}", "(".repeat(n), ")".repeat(n));
    assert_eq!(refusal(&wrap(8)), "loads");
    assert!(refusal(&wrap(10_000)).contains("script-limit"));
    let sum = format!("fn adjust(item) {{ let x = 1{}; }}", "+1".repeat(10_000));
    assert!(refusal(&sum).contains("script-limit"));
    let megabyte = format!("fn adjust(item) {{ }} // {}", "x".repeat(1024 * 1024));
    assert!(refusal(&megabyte).contains("script-limit"));
    let functions: String = (0..40).map(|n| format!("fn f{n}() {{ }} ")).collect();
    assert!(refusal(&functions).contains("script-limit"));
    let blocks = format!("fn adjust(item) {{ {} {} }}", "if true {".repeat(200), "}".repeat(200));
    assert_ne!(refusal(&blocks), "loads");
}

#[test]
fn proving_a_script_takes_little_time() {
    // loops within loops are walked again and again; functions that call functions with other values are
    // walked for each
    let depth = 24;
    let loops = format!(
        "fn adjust(item) {{ let a = 0; let b = 0; {} a = b; b = item.margin; {} }}",
        "for x in [1] {".repeat(depth),
        "}".repeat(depth)
    );
    let calls: String = (0..30)
        .map(|n| format!("fn f{n}(x, y) {{ f{}(x, y); f{}(y, [x]); f{}([y], x) }} ", n + 1, n + 1, n + 1))
        .collect();
    let calls = format!("{calls} fn f30(x, y) {{ 1 }} fn adjust(item) {{ f0(item.margin, item.price); }}");
    let clock = jardin_contract::SystemClock;
    let start = jardin_contract::Clock::steady_now(&clock);
    refusal(&loops);
    refusal(&calls);
    let taken = jardin_contract::Clock::steady_now(&clock) - start;
    assert!(taken.as_secs() < 5, "{taken:?}");
}

#[test]
fn writing_to_what_a_script_is_handed() {
    refused("params.seen = true;", "not-in-scripts");
    refused("params.list[0] = 1;", "not-in-scripts");
    refused("item.price = 3;", "not-in-scripts");
    refused("context.page_item.price = 3;", "not-in-scripts");
}

#[test]
fn what_waits_grows_or_calls_back_is_refused() {
    for body in [
        "sleep(10);",
        "let a = []; a.pad(100000, 1);",
        "let a = [3, 1]; a.sort(); ",
        "let a = [1, 2]; a.map(|x| x + 1);",
        "let a = [[1]]; a.map(|x| x.map(|y| y.map(|z| z)));",
        "let t = \"\"; t.pad(1000000, \"x\");",
        "let a = [1]; a.push(2);",
        "let a = [1]; a.append(a);",
        "let m = #{}; m.fill_with(#{});",
        "let b = blob(1000000);",
        "let r = range(0, 1000000, 1);",
        "let a = []; a.reduce(|s, x| s + x);",
        "let t = \"x\".repeat(1000000);",
        "let a = [1]; a.filter(this.x);",
        "let t = timestamp();",
        "print(item.price);",
        "log(\"x\");",
        "debug(params);",
        "eval(\"1\");",
        "import \"x\" as y;",
        "Fn(\"adjust\").call(item);",
        "call(\"adjust\", item);",
    ] {
        assert_ne!(refusal(&format!("fn adjust(item, params) {{ {body} }}")), "loads", "{body}");
    }
}
