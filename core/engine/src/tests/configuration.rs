//! jardin.toml against its policy.

use jardin_contract::{Param, PlainValue};
use jardin_model::Timestamp;
use jardin_policy::Policy;

use crate::{Config, LeaveOut};

const POLICY: &str = include_str!("../../testdata/policy.toml");
const CONFIG: &str = include_str!("../../testdata/jardin.toml");

fn policy() -> Policy {
    Policy::load("policy.toml", POLICY).map_err(|r| r.rendered()).unwrap().0
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// The codes and first lines of the errors of a file that is the example with one text replaced.
fn errors(from: &str, to: &str) -> Vec<(&'static str, String)> {
    assert!(CONFIG.contains(from), "{from}");
    let report = Config::load("jardin.toml", &CONFIG.replacen(from, to, 1), &policy()).unwrap_err();
    report
        .errors()
        .map(|f| (f.code.word(), format!("{} / {}", f.message, f.help.clone().unwrap_or_default())))
        .collect()
}

#[test]
fn the_example_is_read_whole() {
    let (config, report) = Config::load("jardin.toml", CONFIG, &policy()).map_err(|r| r.rendered()).unwrap();
    let warnings: Vec<_> = report.warnings().map(|f| f.code.word()).collect();
    let why = "season-front asks a plugin behind my-range, and the experiment is not served yet";
    assert_eq!(warnings, ["always-called", "not-enforced-yet"], "{why}");
    let page = &config.placements["product_page"];
    assert_eq!((page.limit, &page.leave_out[..]), (6, &[LeaveOut::PageItem, LeaveOut::Basket][..]));
    assert_eq!(config.filters["affordable"].value, PlainValue::Number(50.0));
    assert_eq!(config.campaigns.len(), 4);
    assert_eq!(config.finishes().iter().map(|f| f.as_str()).collect::<Vec<_>>(), ["house-rules"]);
    // the last day of a paid place ends at midnight in Paris, which is an hour behind UTC in winter
    assert_eq!(config.sponsored[0].until, at("2027-01-31T23:00:00Z"));
}

#[test]
fn campaigns_are_laid_over_from_their_first_instant_to_their_last() {
    let config = Config::load("jardin.toml", CONFIG, &policy()).unwrap().0;
    let text = |place: &str, key: &str, when: &str| match config
        .params_for("season-front", place, at(when))
        .get(key)
    {
        Some(Param::Text(text)) => text.to_string(),
        Some(Param::Flag(flag)) => flag.to_string(),
        other => format!("{other:?}"),
    };
    // 2026-11-16 begins in Paris at 23:00 UTC of the day before
    assert_eq!(text("home", "collection", "2026-11-15T22:59:59Z"), "core");
    assert_eq!(text("home", "collection", "2026-11-15T23:00:00Z"), "granite-27");
    assert_eq!(text("home", "collection", "2026-12-31T22:59:59Z"), "granite-27");
    assert_eq!(text("home", "collection", "2026-12-31T23:00:00Z"), "core");
    assert_eq!(text("deals", "collection", "2026-12-01T12:00:00Z"), "core", "the campaign runs at home only");
    // from 2026-11-27T08:00 until 2026-12-22T12:00, Paris time
    assert_eq!(text("home", "gifts", "2026-11-27T06:59:59Z"), "false");
    assert_eq!(text("home", "gifts", "2026-11-27T07:00:00Z"), "true");
    assert_eq!(text("home", "gifts", "2026-12-22T11:00:00Z"), "false");
}

#[test]
fn what_the_policy_does_not_know_is_refused_with_what_was_meant() {
    let cases = [
        ("chain  = [\"my-range\"", "chain  = [\"my-rnage\"", "unknown-strategy", "`my-range`"),
        ("sellable  = [\"in_stock\"]", "sellable  = [\"in_stok\"]", "unknown-field", "`in_stock`"),
        ("sellable  = [\"in_stock\"]", "sellable  = [\"brand\"]", "invalid-value", "text"),
        (
            "finish = \"house-rules\"",
            "finish = \"my-range\"",
            "finish-reads-person",
            "nothing about a person",
        ),
        ("currency  = \"EUR\"", "curency  = \"EUR\"", "unknown-key", "`currency`"),
        (", en = \"New in\"", "", "missing-text", "`en`"),
        ("op    = \"below\"", "op    = \"bellow\"", "invalid-value", "`below`"),
        ("config = 1", "config = 1\nbanana = 2", "unknown-key", "unknown key `banana`"),
        ("config = 1", "config = 1\ncampaign = []", "unknown-key", "`campaigns`"),
        ("limit  = 12", "limit  = 12\nfill = \"always\"", "invalid-value", "`fallback`, `no`"),
        ("limit  = 12", "limit  = 12\nat_least = 13", "invalid-value", "`13` is not between 1 and 12"),
        ("places   = [\"home\"]", "places   = [\"hme\"]", "unknown-placement", "`home`"),
        ("leave_out = [\"basket\"]", "leave_out = [\"baskets\"]", "invalid-value", "`basket`"),
        ("config = 1", "config = 2", "unsupported-language", "config = 1"),
        (
            "chain  = [\"complete-the-look\"]",
            "chain  = [\"complete-the-look\", \"complete-the-look\"]",
            "invalid-value",
            "`complete-the-look` stands twice",
        ),
        ("share = 45", "share = 44", "invalid-value", "99"),
        (
            "from   = 2026-11-01\nuntil  = 2027-03-15",
            "from   = 2026-11-01\nuntil  = 2026-10-15",
            "invalid-value",
            "ends before",
        ),
    ];
    for (from, to, code, said) in cases {
        let errors = errors(from, to);
        assert!(errors.iter().any(|(c, text)| *c == code && text.contains(said)), "{to}: {errors:?}");
    }
}

/// What a plugin leaves out is hidden where the page is not filled, whichever strategy asks it.
#[test]
fn a_page_that_is_not_filled_has_no_plugin_that_may_change_the_order_alone() {
    let unfilled = "chain  = [\"complete-the-look\"]\nfill = \"no\"";
    let found = errors("chain  = [\"complete-the-look\"]", unfilled);
    let [("hides-unfilled", said)] = found.as_slice() else { panic!("{found:?}") };
    assert!(said.starts_with("`bought-together` may change the order alone by `session.basket`"), "{said}");
    let hiding = POLICY.replace(
        "\"session.basket\" = \"exact\"",
        "\"session.basket\" = { as = \"exact\", may = \"order and hide\" }",
    );
    assert_ne!(hiding, POLICY);
    let config = CONFIG.replacen("chain  = [\"complete-the-look\"]", unfilled, 1);
    let policy = super::shop::policy(&hiding);
    assert!(Config::load("jardin.toml", &config, &policy).is_ok());
}

#[test]
fn two_campaigns_of_one_priority_may_not_touch_one_setting() {
    let clash = "[[campaigns]]\nname = \"a\"\nfrom = 2026-12-01\nuntil = 2026-12-02\npriority = 10\nplaces = [\"home\"]\n\
                 params = { season-front = { collection = \"x\" } }\n[filters.affordable]";
    let errors = errors("[filters.affordable]", clash);
    assert_eq!(errors.iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["campaign-conflict"]);
    for harmless in [
        clash.replace("[\"home\"]", "[\"deals\"]"),
        clash.replace("= 10", "= 11"),
        clash.replace("2026-12", "2027-12"),
    ] {
        assert!(
            Config::load("jardin.toml", &CONFIG.replacen("[filters.affordable]", &harmless, 1), &policy())
                .is_ok()
        );
    }
}

#[test]
fn a_campaign_has_a_name_of_its_own_and_sets_the_types_that_are_set_elsewhere() {
    let campaign = |name: &str, params: &str| {
        format!(
            "[[campaigns]]\nname = \"{name}\"\nfrom = 2028-12-01\nuntil = 2028-12-02\nparams = {params}\n[filters.affordable]"
        )
    };
    let said = |name, params| errors("[filters.affordable]", &campaign(name, params));
    let wrong = said("a", "{ season-front = { gifts = \"yes\" } }");
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(
        wrong[0].0 == "wrong-type"
            && wrong[0].1.contains("`gifts` is true or false elsewhere and a text here")
    );
    let twice = said("winter-2026", "{ }");
    assert!(
        twice.iter().any(|(code, text)| *code == "name-collision" && text.contains("`winter-2026`")),
        "{twice:?}"
    );
}

#[test]
fn a_paid_place_stands_on_a_position_of_the_list_that_nobody_else_pays_for() {
    let place = |position: usize, from: &str| {
        format!(
            "[[sponsored]]\nadvertiser = \"B\"\nplaces = [\"home\"]\nposition = {position}\nitem = {{ brand = \"B\" }}\nfrom = {from}\nuntil = 2029-12-31\n\
             label = {{ fr = \"Sponsorisé\", en = \"Sponsored\" }}\n"
        )
    };
    let both = |a: String, b: String| errors("[filters.affordable]", &format!("{a}{b}[filters.affordable]"));
    let beyond = both(place(13, "2029-01-01"), String::new());
    assert!(beyond[0].0 == "invalid-value" && beyond[0].1.contains("`home` has 12 items"), "{beyond:?}");
    let twice = both(place(7, "2029-01-01"), place(7, "2029-06-01"));
    assert!(twice[0].0 == "paid-twice" && twice[0].1.contains("position 7 of `home`"), "{twice:?}");
    let apart = format!("{}{}[filters.affordable]", place(7, "2029-01-01"), place(8, "2029-06-01"));
    assert!(
        Config::load("jardin.toml", &CONFIG.replacen("[filters.affordable]", &apart, 1), &policy()).is_ok()
    );
}

#[test]
fn what_may_be_repeated_leaves_out_what_the_request_tells_of_the_visit() {
    let before = "leave_out = [\"page item\", \"basket\"]";
    for (word, expected) in [
        ("allow", &[][..]),
        ("not the last", &[LeaveOut::PageItem][..]),
        ("never", &[LeaveOut::PageItem, LeaveOut::Basket][..]),
    ] {
        let text = CONFIG.replacen(before, &format!("repeats = \"{word}\""), 1);
        let (config, _) = Config::load("jardin.toml", &text, &policy()).map_err(|r| r.rendered()).unwrap();
        assert_eq!(config.placements["product_page"].leave_out, expected, "{word}");
    }
    let errors = errors(before, "repeats = \"sometimes\"");
    assert!(errors.iter().any(|(code, text)| *code == "invalid-value" && text.contains("`sometimes`")));
}

/// The strategy of the product page is granted the page's item, that of the home page is not.
#[test]
fn what_a_page_is_for_tells_whether_its_product_may_be_repeated() {
    let text = CONFIG.replacen("leave_out = [\"page item\", \"basket\"]", "", 1);
    let (config, _) = Config::load("jardin.toml", &text, &policy()).map_err(|r| r.rendered()).unwrap();
    assert_eq!(config.placements["product_page"].leave_out, [LeaveOut::PageItem]);
    assert_eq!(config.placements["home"].leave_out, []);
    // either key decides alone
    for (key, expected) in
        [("repeats = \"allow\"", &[][..]), ("leave_out = [\"basket\"]", &[LeaveOut::Basket])]
    {
        let text = CONFIG.replacen("leave_out = [\"page item\", \"basket\"]", key, 1);
        let (config, _) = Config::load("jardin.toml", &text, &policy()).map_err(|r| r.rendered()).unwrap();
        assert_eq!(config.placements["product_page"].leave_out, expected, "{key}");
    }
}

#[test]
fn every_error_is_collected() {
    let errors = errors("currency  = \"EUR\"", "currency  = \"euro\"\ncurency = 1");
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn nothing_is_chosen_by_a_confidential_field() {
    for (from, to) in [
        ("field = \"price\"", "field = \"margin\""),
        ("item       = { brand", "item       = { margin = 0.3, brand"),
    ] {
        let errors = errors(from, to);
        assert!(
            errors
                .iter()
                .all(|(code, text)| *code == "confidential-choice" && text.contains("`item.margin`"))
        );
        assert_eq!(errors.len(), 1, "{errors:?}");
    }
}

#[test]
fn what_a_page_shows_is_public_and_nothing_confidential_is() {
    let public =
        |listed: &str| errors("currency  = \"EUR\"", &format!("currency  = \"EUR\"\npublic = {listed}"));
    let config = CONFIG.replacen("currency  = \"EUR\"", "currency  = \"EUR\"\npublic = [\"price\"]", 1);
    let (config, _) = Config::load("jardin.toml", &config, &policy()).map_err(|r| r.rendered()).unwrap();
    let names: Vec<&str> = config.public.iter().map(|public| &*public.name).collect();
    assert_eq!(names, ["price"]);
    let refused = public("[\"price\", \"margin\"]");
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].0 == "confidential-public" && refused[0].1.contains("`item.margin`"));
    assert_eq!(public("[\"pirce\"]").len(), 1);
    assert_eq!(public("[\"price\", \"price\"]")[0].0, "name-collision");
}

/// The strategies of a chain that are called always, each with what a call would tell; of a policy whose
/// strategies are `sku` (a plugin that is granted the catalogue), `basket` (a plugin that sees the basket),
/// `rule` (a script that asks `sku`), `secret` (a script that sees margins) and `person` (a script that sees
/// postcodes).
fn always_called(chain: &[&str], leave_out: &[&str]) -> Vec<(String, String)> {
    const STRATEGIES: &str = "[strategies.popular-now]
plugin = \"popular\"
purpose = \"shop-window\"
may_read = { catalogue = \"exact\" }
[strategies.sku]
plugin = \"sku\"
purpose = \"basket-help\"
may_read = { catalogue = \"exact\" }
[strategies.basket]
plugin = \"basket\"
purpose = \"basket-help\"
may_read = { catalogue = \"exact\", \"session.basket\" = \"exact\" }
[strategies.rule]
script = \"rule.rhai\"
purpose = \"basket-help\"
may_ask = [\"sku\"]
may_read = { catalogue = \"exact\" }
[strategies.secret]
script = \"secret.rhai\"
purpose = \"basket-help\"
may_read = { catalogue = \"exact\", \"item.margin\" = \"exact\" }
[strategies.person]
script = \"person.rhai\"
purpose = \"personalise\"
may_read = { catalogue = \"exact\", \"subject.postcode\" = \"exact\" }
[strategies.agreed]
script = \"agreed.rhai\"
purpose = \"personalise\"
may_read = { catalogue = \"exact\" }
[audit]";
    let (head, rest) = POLICY.split_once("[strategies.popular-now]").unwrap();
    let tail = rest.split_once("[audit]").unwrap().1.split("[[test]]").next().unwrap();
    let policy = Policy::load("policy.toml", &format!("{head}{STRATEGIES}{tail}"));
    let policy = policy.map_err(|r| r.rendered()).unwrap().0;
    let config = format!(
        "config = 1\n[shop]\nname = \"x\"\ncurrency = \"EUR\"\nlanguages = [\"fr\"]\n[placements.p]\nchain = {chain:?}\nlimit = 4\nleave_out = {leave_out:?}"
    );
    let (config, report) = Config::load("jardin.toml", &config, &policy).map_err(|r| r.rendered()).unwrap();
    let told: Vec<String> = report.warnings().map(|f| f.message.clone()).collect();
    let names: Vec<String> = config.placements["p"].always_called.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), told.len(), "each is named: {told:?}");
    names.into_iter().zip(told).collect()
}

#[test]
fn a_plugin_is_called_always_where_a_call_would_tell_it_what_it_is_not_granted() {
    let basket = "about `session.basket`";
    /// Chain, what is left out, and who is called always with what a call would tell.
    type Case<'a> = (&'a [&'a str], &'a [&'a str], &'a [(&'a str, &'a str)]);
    let cases: [Case<'_>; 11] = [
        (&["sku"], &[], &[]),
        (&["basket", "sku"], &[], &[("sku", basket)]),
        (&["sku", "basket"], &[], &[]),
        // a script is spared, the plugin that it asks is not
        (&["basket", "secret"], &[], &[]),
        (&["basket", "rule"], &[], &[("rule", basket)]),
        (&["rule", "basket"], &[], &[]),
        (&["secret", "basket"], &[], &[("basket", "about `item.margin`")]),
        (
            &["person", "basket", "sku"],
            &[],
            &[("basket", "about `subject.postcode`"), ("sku", "about `subject.postcode`")],
        ),
        // what only an answer of the person refuses tells that answer
        (&["agreed", "sku"], &[], &[("sku", "the purpose `personalise`")]),
        // the basket is left out of the lists of others while somebody of the chain may use it
        (&["rule", "sku", "basket"], &["basket"], &[("sku", basket)]),
        (&["rule", "sku"], &["shown above"], &[("sku", "what the lists above show")]),
    ];
    for (chain, leave_out, expected) in cases {
        let found = always_called(chain, leave_out);
        assert_eq!(found.len(), expected.len(), "{chain:?}: {found:?}");
        for ((name, message), (expected, told)) in found.iter().zip(expected) {
            assert!(name == expected && message.contains(told), "{chain:?}: {name}: {message}");
        }
    }
}
