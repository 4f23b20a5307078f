//! What docs/policy-reference.md says of each key, written from that page alone: what is taken and what is not.

use jardin_policy::Policy;

const FULL: &str = include_str!("policies/full.toml");

/// A piece of the full policy, what stands there instead, and whether the page says that it may.
const EXPECTATIONS: &[(&str, &str, bool)] = &[
    // the file
    ("language = 1", "language = 2", false),
    ("language = 1", "language = \"1\"", false),
    ("language = 1\n", "", false),
    ("[reasons]", "[sentences]", false),
    // [audit]
    ("balance      = \"LIA-9\"\n", "", false),
    ("basis        = \"legitimate interests\"", "basis        = \"consent\"", false),
    ("basis        = \"legitimate interests\"\n", "", true),
    ("keep         = \"12 months\"", "keep         = \"a year\"", false),
    ("keep         = \"12 months\"", "keep         = 12", false),
    ("keep         = \"12 months\"\n", "", false),
    ("keep_proofs  = \"5 years\"\n", "", true),
    ("person       = \"pseudonym\"", "person       = \"name\"", false),
    ("record       = \"every decision\"", "record       = \"refusals\"", true),
    ("record       = \"every decision\"", "record       = \"nothing\"", false),
    ("record       = \"every decision\"\n", "", true),
    ("when_full    = \"fallback\"", "when_full    = \"drop\"", false),
    // [children]
    ("under       = 18", "under       = 0", false),
    ("under       = 18", "under       = 1", true),
    ("under       = 18", "under       = 25", true),
    ("under       = 18", "under       = 26", false),
    ("under       = 18", "under       = \"18\"", false),
    ("under       = 18", "consent_from = 16\nprofiling_from = 18", true),
    ("under       = 18", "consent_from = 26\nprofiling_from = 18", false),
    ("under       = 18", "under = 18\nby = { front = { shop = 18 } }", true),
    ("under       = 18", "under = 18\nby = { front = 18 }", false),
    ("unknown_age = \"adult\"", "unknown_age = \"teenager\"", false),
    ("unknown_age = \"adult\"\n", "", false),
    ("unknown_because = \"children's books are bought by parents\"\n", "", true),
    ("age_from    = \"subject.birth_date\"\n", "", true),
    ("also_if     = [\"context.kids\"]\n", "", true),
    ("also_if     = [\"context.kids\"]", "also_if     = \"context.kids\"", false),
    // [consents.NAME]
    ("lasts   = \"180 days\"", "lasts   = 180", false),
    ("lasts   = \"180 days\"\n", "", false),
    ("texts   = [\"2026-06\", \"2026-09\"]", "texts   = \"2026-09\"", false),
    ("texts   = [\"2026-06\", \"2026-09\"]", "texts   = []", false),
    ("rests_for = \"20 days\"\n", "", true),
    ("rests_for = \"20 days\"", "rests_for = \"60 days\"", true),
    ("rests_for = \"20 days\"", "rests_for = \"61 days\"", false),
    ("ask_again_after = \"6 months\"", "ask_again_after = 6", false),
    ("\"2026-06\" = { fr = \"Des livres choisis pour vous ?\", en", "\"2026-06\" = { en", false),
    ("\"2026-06\" = { fr = \"Des livres choisis pour vous ?\", en", "\"2026-05\" = { fr = \"a\", en", false),
    ("may = \"only refuse\"", "may = \"grant\"", false),
    (", may = \"only refuse\"", "", false),
    ("tcf_publisher_purposes = [5, 6]", "tcf_publisher_purposes = [24]", true),
    ("tcf_publisher_purposes = [5, 6]", "tcf_publisher_purposes = [25]", false),
    ("tcf_publisher_purposes = [5, 6]", "tcf_publisher_purposes = [0]", false),
    ("tcf_publisher_purposes = [5, 6], ", "", true),
    // [defaults.limits]
    ("time_ms = 20, ", "time_ms = 0, ", false),
    ("time_ms = 20, ", "time_ms = 10000, ", true),
    ("time_ms = 20, ", "time_ms = 10001, ", false),
    ("memory_mb = 64", "memory_mb = 0", false),
    ("results = 500", "results = 1000", true),
    ("results = 500", "results = 1001", false),
    // [fields.NAME.NAME]
    ("{ type = \"text\",   class = \"personal\"", "{ type = \"string\",   class = \"personal\"", false),
    ("class = \"highly personal\"", "class = \"special\"", false),
    ("class = \"highly personal\"", "class = \"personal\"", true),
    (
        "keep = \"account\", source = \"given\" }\ngenres",
        "keep = \"account\", source = \"web\" }\ngenres",
        false,
    ),
    ("keep = \"account\", source = \"given\" }\ngenres", "keep = \"account\" }\ngenres", true),
    ("keep = \"24 months\", source", "keep = \"for ever\", source", false),
    ("at_most = 200", "at_most = 0", false),
    ("at_most = 200", "at_most = 1", true),
    (", at_most = 200", "", true),
    ("k = 50", "k = 1000", true),
    ("k = 50", "k = 1001", false),
    ("of = [\"purchase\"]", "of = [\"bought\"]", false),
    ("at_least_people = 50", "at_least_people = 0", false),
    ("at_least_people = 50", "at_least_people = 1", true),
    ("edges = [10, 20, 40]", "edges = [\"10\"]", false),
    ("edges = [10, 20, 40]", "edges = []", false),
    ("choices = [\"shop\", \"schools\"]", "choices = \"shop\"", false),
    ("always = true }\ncategory", "always = \"yes\" }\ncategory", false),
    // [never]
    ("fields = [\"subject.email\", \"subject.opinion\"]", "fields = \"subject.email\"", false),
    ("fields = [\"subject.email\", \"subject.opinion\"]", "fields = [\"subject.email\"]", true),
    ("separators = [\" > \", \"|\"]", "separators = \">\"", false),
    ("\"item.subjects\" = [\"pregnancy\"]", "\"item.subjects\" = \"pregnancy\"", false),
    // [discreet]
    ("items  = { \"item.category\" = [\"gifts\"]", "items  = { category = [\"gifts\"]", false),
    ("\"item.subjects\" = [\"wedding\"]", "\"item.subjects\" = \"wedding\"", false),
    ("[discreet]\n", "[discreet]\nsays = { fr = \"a\", en = \"b\" }\n", false),
    // [restraint]
    ("{ times = 5, unless", "{ times = 0, unless", false),
    ("{ times = 5, unless", "{ times = 1000, unless", true),
    ("{ times = 5, unless", "{ unless", false),
    (", unless = \"clicked\"", "", true),
    ("unless = \"clicked\"", "unless = \"bought\"", false),
    ("dismissed = true", "dismissed = \"yes\"", false),
    ("dismissed = true\n", "", true),
    ("personal_share_at_most = 0.7", "personal_share_at_most = 1", false),
    ("personal_share_at_most = 0.7", "personal_share_at_most = 0", false),
    ("personal_share_at_most = 0.7", "personal_share_at_most = 0.01", true),
    ("{ rest = \"6 months\", ", "{ ", false),
    ("{ rest = \"6 months\", ", "{ rest = 6, ", false),
    (", unless = \"item.used_up\"", "", true),
    (", unless = \"item.used_up\"", ", unless = \"item.sku\"", false),
    // [[policy.approvers]]
    (
        "[reasons]",
        "[[policy.approvers]]\nname = \"Louis\"\nkey = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n[reasons]",
        true,
    ),
    (
        "[reasons]",
        "[[policy.approvers]]\nkey = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n[reasons]",
        false,
    ),
    ("[reasons]", "[[policy.approvers]]\nname = \"Louis\"\nkey = \"0123\"\n[reasons]", false),
    // [policy]
    ("contact    = \"donnees@livresduport.example\"\n", "", false),
    ("dpo        = \"dpo@livresduport.example\"\n", "", true),
    ("dpia       = \"DPIA-2026-05\"\n", "", true),
    ("dpia       = \"DPIA-2026-05\"", "dpia       = \"not needed: one shop\"", true),
    ("revision   = \"2026-09-01.3\"", "revision   = \"v3\"", false),
    ("languages  = [\"fr\", \"en\"]", "languages  = []", false),
    ("time_zone  = \"Europe/Paris\"\n", "", false),
    ("fallback   = \"best-sellers\"\n", "", false),
    ("by = \"Louis Arnaud, managing director\", ", "", false),
    ("on = 2026-09-01, ", "", false),
    ("on = 2026-09-01, ", "on = \"2026-09-01\", ", false),
    (", review_by = 2027-03-01", "", true),
    ("says = \"favourable with reservations\", ", "", false),
    ("session = \"45 minutes\", ", "", true),
    ("session = \"45 minutes\"", "session = \"45\"", false),
    // [policy.record]
    (", authority = \"CNIL\"", "", true),
    ("recipients = [\"alphaheberge\"], ", "", true),
    ("recipients = [\"alphaheberge\"]", "recipients = \"alphaheberge\"", false),
    ("recipients = [\"alphaheberge\"]", "recipients = [{ name = \"A\" }]", true),
    ("recipients = [\"alphaheberge\"]", "recipients = [{ role = \"recipient\" }]", false),
    ("recipients = [\"alphaheberge\"]", "recipients = [{ name = \"A\", role = \"friend\" }]", false),
    ("recipients = [\"alphaheberge\"]", "recipients = [{ name = \"A\", role = \"processor\" }]", false),
    // [purposes.NAME]
    ("basis     = \"legitimate interests\"", "basis     = \"contract\"", false),
    ("profiling = true", "profiling = \"yes\"", false),
    ("profiling = true\n", "", false),
    ("stop_if   = [\"objection\"]", "stop_if   = [\"gpc\"]", false),
    ("device    = \"nothing\"", "device    = \"cookies\"", false),
    ("device    = \"nothing\"\n", "", true),
    ("says      = { fr = \"Apprendre quels livres vont ensemble.\", en", "says = { en", false),
    // [stop]
    ("everything = false\nstrategies", "everything = \"no\"\nstrategies", false),
    ("strategies = [\"new-for-you\"]\n[audit]", "[audit]", true),
    // [strategies.NAME]
    ("isolation = \"sandbox\"", "isolation = \"none\"", false),
    ("isolation = \"sandbox\"\n", "", true),
    ("pinned   = true", "pinned   = \"yes\"", false),
    ("vendor    = \"readwell\"\n", "", true),
    ("vendor    = \"readwell\"", "vendor    = \"nobody\"", false),
    ("as = \"sessions\"", "as = \"exact\"", false),
    ("as = \"sessions\", newest = \"24 months\"", "as = \"sessions\"", true),
    ("at_least_people = 4", "at_least_people = 0", false),
    ("at_least_people = 4", "at_least_people = \"4\"", false),
    ("at_least_people = 4, ", "", true),
    ("a_person_counts = 2", "a_person_counts = 0", false),
    ("a_person_counts = 2", "a_person_counts = 1", true),
    ("a_person_counts = 2, ", "", true),
    ("years = 15, from", "years = 4, from", false),
    ("years = 15, from", "years = 50, from", true),
    ("years = 15, from", "years = 51, from", false),
    ("characters\", n = 2", "characters\", n = 64", true),
    ("characters\", n = 2", "characters\", n = 65", false),
    ("as = \"first characters\", n = 2", "n = 2", false),
    ("novels = \"fiction\", comics", "novels = 1, comics", false),
    ("to = 50, may = \"order\"", "to = 50, may = \"order and hide\"", true),
    ("to = 50, may = \"order\"", "to = 50, may = \"hide\"", false),
    ("to = 50, may = \"order\"", "to = 50, may = true", false),
    (
        "catalogue = \"exact\", \"context.page_item\" = \"exact\"",
        "catalogue = { as = \"exact\", may = \"order\" }, \"context.page_item\" = \"exact\"",
        false,
    ),
    // [[test]]
    ("name   = \"a stopped strategy does not run\"\n", "", false),
    ("ask    = \"new-for-you\"\n", "", false),
    ("given  = { consent = [] }\n", "", true),
    ("restricted = false", "restricted = \"no\"", false),
    ("gpc = true", "gpc = 1", false),
    ("hides = [\"subject.email\", \"session.basket\", \"item.margin\"]", "hides = []", false),
    ("consent_on = 2026-08-01", "consent_on = \"2026-08-01\"", false),
    // [vendors.NAME]
    ("name = \"ReadWell Ltd, Leeds\", ", "", false),
    ("role = \"supplier\"", "role = \"partner\"", false),
    (", contract = \"LIC-3\" }\nalpha", " }\nalpha", true),
    (", contract = \"DPA-3\"", "", false),
];

#[test]
fn each_key_takes_what_the_page_says() {
    assert!(EXPECTATIONS.len() >= 100, "{}", EXPECTATIONS.len());
    let wrong = EXPECTATIONS.iter().filter_map(|(from, to, is_taken)| {
        assert!(FULL.contains(from), "{from}");
        let checked = Policy::check("policy.toml", &FULL.replacen(from, to, 1));
        let found = checked.as_ref().err().map(|report| report.rendered()).unwrap_or_default();
        assert!(!found.contains("[syntax]"), "`{from}` → `{to}` is no TOML: {found}");
        (checked.is_ok() != *is_taken).then(|| format!("`{from}` → `{to}`: expected {is_taken}\n{found}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
