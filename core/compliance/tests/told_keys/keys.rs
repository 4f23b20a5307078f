//! The keys of the language, and which pages tell each.

/// A page of which something is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Art30,
    Notice,
    Parameters,
    Dpia,
    /// The explanation of one strategy.
    Of(&'static str),
}

use Page::{Art30, Dpia, Notice, Of, Parameters};

/// What becomes of a key.
pub enum Told {
    /// With the second text in the place of the first these pages say something else.
    By(&'static str, &'static str, &'static [Page]),
    /// No page tells it, and why.
    Nowhere(&'static str),
}

use Told::{By, Nowhere};

pub const KEYS: &[(&str, Told)] = &[
    ("language", Nowhere("how the file is written")),
    // who answers, who advised, who receives
    ("policy.controller", By("Livres du Port SARL", "Port Est SARL", &[Art30, Notice])),
    ("policy.contact", By("donnees@livres", "vie-privee@livres", &[Art30, Notice])),
    ("policy.dpo", By("\"dpo@livres", "\"officer@livres", &[Art30, Notice])),
    ("policy.dpia", By("DPIA-2026-05", "DPIA-2026-06", &[Dpia])),
    ("policy.dpo_advice.says", By("favourable with reservations", "unfavourable", &[Dpia])),
    ("policy.dpo_advice.reference", By("AVIS-7", "AVIS-8", &[Dpia])),
    ("policy.dpo_advice.on", By("on = 2026-08-28", "on = 2026-08-29", &[Dpia])),
    ("policy.approved.by", By("Louis Arnaud", "Louise Arnaud", &[Dpia])),
    ("policy.approved.on", By("director\", on = 2026-09-01", "director\", on = 2026-08-30", &[Dpia])),
    ("policy.approved.review_by", By("review_by = 2027-03-01", "review_by = 2027-03-02", &[Dpia])),
    ("policy.approvers.name", Nowhere("who may sign is told where something waits for a signature")),
    ("policy.approvers.key", Nowhere("as above")),
    ("policy.languages", Nowhere("in which languages the pages can be written")),
    ("policy.revision", By("2026-09-01.3", "2026-09-01.4", &[Art30, Dpia])),
    ("policy.time_zone", Nowhere("when a day begins")),
    ("policy.fallback", Nowhere("a name of a strategy, whose purpose is told")),
    (
        "policy.ends_after_idle.session",
        By("session = \"45 minutes\"", "session = \"20 minutes\"", &[Art30, Notice]),
    ),
    (
        "policy.ends_after_idle.account",
        By("account = \"36 months\"", "account = \"12 months\"", &[Art30, Notice]),
    ),
    ("policy.record.authority", By("authority = \"CNIL\"", "authority = \"AEPD\"", &[Art30, Notice])),
    ("policy.record.people", By("[\"readers\"]", "[\"readers\", \"staff\"]", &[Art30])),
    ("policy.record.recipients.name", By("[\"alphaheberge\"]", "[{ name = \"Poste\" }]", &[Art30, Notice])),
    (
        "policy.record.recipients.role",
        By("[\"alphaheberge\"]", "[{ name = \"alphaheberge\", role = \"recipient\" }]", &[Art30]),
    ),
    (
        "policy.record.recipients.country",
        By("[\"alphaheberge\"]", "[{ name = \"alphaheberge\", country = \"Italy\" }]", &[Art30, Notice]),
    ),
    (
        "policy.record.recipients.safeguard",
        By("[\"alphaheberge\"]", "[{ name = \"alphaheberge\", safeguard = \"a seal\" }]", &[Art30, Notice]),
    ),
    (
        "policy.record.recipients.contract",
        By("[\"alphaheberge\"]", "[{ name = \"alphaheberge\", contract = \"C-1\" }]", &[Art30]),
    ),
    (
        "policy.record.recipients.for",
        By("[\"alphaheberge\"]", "[{ name = \"alphaheberge\", for = \"parcels\" }]", &[Art30, Notice]),
    ),
    (
        "policy.record.transfers.name",
        By("name = \"ReadWell Ltd\"", "name = \"WellRead Ltd\"", &[Art30, Notice]),
    ),
    (
        "policy.record.transfers.role",
        By("role = \"recipient\", country", "role = \"joint controller\", country", &[Art30]),
    ),
    ("policy.record.transfers.country", By("United Kingdom", "India", &[Art30, Notice])),
    ("policy.record.transfers.safeguard", By("adequacy decision", "standard clauses", &[Art30, Notice])),
    (
        "policy.record.transfers.contract",
        By("contract = \"LIC-3\", for", "contract = \"LIC-4\", for", &[Art30]),
    ),
    ("policy.record.transfers.for", By("for = \"support\"", "for = \"repairs\"", &[Art30, Notice])),
    ("vendors.*.name", By("AlphaHéberge SAS, Roubaix", "BêtaHéberge SAS, Lille", &[Art30, Notice])),
    (
        "vendors.*.role",
        By("role = \"supplier\"", "role = \"processor\"", &[Art30, Notice, Of("goes-together")]),
    ),
    ("vendors.*.contract", By("contract = \"DPA-3\"", "contract = \"DPA-4\"", &[Art30])),
    // what data, from where, how long
    (
        "fields.*.*.type",
        By(
            "{ type = \"item\",   class = \"personal\"",
            "{ type = \"items\",   class = \"personal\"",
            &[Of("for-you")],
        ),
    ),
    ("fields.*.*.class", By("class = \"highly personal\"", "class = \"personal\"", &[Art30, Of("for-you")])),
    (
        "fields.*.*.keep",
        By("keep = \"24 months\", source", "keep = \"12 months\", source", &[Art30, Notice, Of("for-you")]),
    ),
    (
        "fields.*.*.source",
        By(
            "keep = \"24 months\", source = \"given\"",
            "keep = \"24 months\", source = \"shop\"",
            &[Art30, Notice, Of("for-you")],
        ),
    ),
    ("fields.*.*.category", By("category = \"user.unique_id\"", "category = \"user.id\"", &[Art30])),
    ("fields.*.*.choices", Nowhere("the values of a field, of which the form is told")),
    ("fields.*.*.at_most", Nowhere("a figure of the engineers")),
    ("fields.*.*.always", Nowhere("about products")),
    ("fields.*.*.of", By("of = [\"purchase\"]", "of = [\"purchase\", \"refund\"]", &[Art30, Notice])),
    (
        "fields.*.*.from",
        By(
            "usual      = { from = \"subject.purchases\"",
            "usual      = { from = \"subject.read_today\"",
            &[Of("for-you")],
        ),
    ),
    (
        "fields.*.*.as",
        By("as = \"top\", k = 50, of = \"sku\"", "as = \"yes or no\"", &[Parameters, Dpia, Of("for-you")]),
    ),
    ("fields.*.*.k", By("k = 50", "k = 60", &[Parameters, Dpia, Of("for-you")])),
    ("fields.*.*.edges", By("edges = [10, 20, 40]", "edges = [10, 40]", &[Parameters, Dpia, Of("for-you")])),
    (
        "fields.*.*.newest",
        By(
            "of = \"sku\", newest = \"24 months\"",
            "of = \"sku\", newest = \"18 months\"",
            &[Dpia, Of("for-you")],
        ),
    ),
    ("fields.*.*.years", Nowhere("no history has an age")),
    ("fields.*.*.n", Nowhere("a form of texts, of which none is made of a history")),
    ("fields.*.*.map.*", Nowhere("a form of choices, as above")),
    ("fields.*.*.to", Nowhere("a form of numbers, as above")),
    ("fields.*.*.changes_every", Nowhere("a form of ids, as above")),
    (
        "fields.*.*.derived_from",
        By(
            "derived_from = [\"subject.purchases\"]",
            "derived_from = [\"subject.read_today\"]",
            &[Art30, Notice],
        ),
    ),
    ("fields.*.*.purpose", Nowhere("the purpose is told with all that it uses")),
    ("fields.*.*.at_least_people", Nowhere("of how many people a count over all of them is")),
    (
        "groups.*",
        By(
            "catalogue  = [\"item.sku\", \"item.category\"",
            "catalogue  = [\"item.sku\"",
            &[Parameters, Of("for-you")],
        ),
    ),
    // what people are asked
    ("consents.*.texts", By("[\"2026-06\", \"2026-09\"]", "[\"2026-09\", \"2026-06\"]", &[Of("for-you")])),
    ("consents.*.lasts", By("lasts   = \"180 days\"", "lasts   = \"90 days\"", &[Notice, Of("for-you")])),
    (
        "consents.*.rests_for",
        By("rests_for = \"20 days\"", "rests_for = \"10 days\"", &[Notice, Of("for-you")]),
    ),
    ("consents.*.ask_again_after", Nowhere("when they are asked, which whoever asks is told")),
    ("consents.*.wording.*", By("May we choose books by what you read?", "May we choose?", &[Notice])),
    ("consents.*.signals.may", Nowhere("one word alone is taken")),
    ("consents.*.signals.tcf_publisher_purposes", Nowhere("signals of others, which only refuse")),
    ("consents.*.signals.consent_mode", Nowhere("as above")),
    // why
    (
        "purposes.*.says",
        By(
            "Choose books for you from what you read here.",
            "Choose books.",
            &[Art30, Notice, Parameters, Dpia, Of("for-you")],
        ),
    ),
    (
        "purposes.*.basis",
        By(
            "basis     = \"legitimate interests\"",
            "basis     = \"consent\"\nneeds     = [\"improvement\"]",
            &[Art30, Notice, Dpia, Of("visit")],
        ),
    ),
    (
        "purposes.*.needs",
        By(
            "needs     = [\"personalisation\"]",
            "needs     = [\"personalisation\", \"improvement\"]",
            &[Notice, Of("for-you")],
        ),
    ),
    (
        "purposes.*.profiling",
        By(
            "profiling = true",
            "profiling = false\nprofiling_because = \"it does not\"",
            &[Art30, Notice, Dpia, Of("for-you")],
        ),
    ),
    (
        "purposes.*.profiling_because",
        By("reacts to this visit and predicts nothing", "predicts nothing", &[Dpia, Of("visit")]),
    ),
    ("purposes.*.interest", By("en = \"To sell more.\"", "en = \"To help.\"", &[Notice, Of("visit")])),
    ("purposes.*.balance", By("balance   = \"LIA-2\"", "balance   = \"LIA-3\"", &[Of("visit")])),
    ("purposes.*.device", Nowhere("what a page asks of a device, which the shop's own pages tell")),
    (
        "purposes.*.stop_if",
        By(
            "device    = \"consent\"\nstop_if   = [\"objection\", \"global privacy control\"]",
            "device    = \"consent\"\nstop_if   = [\"objection\"]",
            &[Notice, Of("for-you")],
        ),
    ),
    // what is never done
    ("never.fields", Nowhere("what is not declared does not exist")),
    ("never.separators", Nowhere("how a category is written")),
    (
        "never.items.*",
        By("\"item.subjects\" = [\"pregnancy\"]", "\"item.subjects\" = [\"politics\"]", &[Of("for-you")]),
    ),
    ("never.says", By("on health and religion is never kept", "on health is never kept", &[Notice])),
    (
        "discreet.items.*",
        By(
            "\"item.subjects\" = [\"wedding\"]",
            "\"item.subjects\" = [\"divorce\"]",
            &[Notice, Of("for-you")],
        ),
    ),
    ("restraint.shown_at_most.times", Nowhere("how long what proves is kept")),
    ("restraint.shown_at_most.unless", Nowhere("as above")),
    ("restraint.dismissed", Nowhere("as above")),
    ("restraint.personal_share_at_most", Nowhere("as above")),
    ("restraint.after_purchase.rest", Nowhere("as above")),
    ("restraint.after_purchase.unless", Nowhere("as above")),
    ("children.under", By("under       = 18", "under       = 17", &[Notice, Dpia, Of("for-you")])),
    (
        "children.consent_from",
        By("under       = 18", "consent_from = 19\nprofiling_from = 18", &[Notice, Dpia, Of("for-you")]),
    ),
    (
        "children.profiling_from",
        By("under       = 18", "consent_from = 18\nprofiling_from = 19", &[Notice, Dpia, Of("for-you")]),
    ),
    (
        "children.by.*.*",
        By(
            "under       = 18",
            "under       = 18\nby          = { front = { shop = 18, schools = 19 } }",
            &[Notice, Dpia, Of("for-you")],
        ),
    ),
    ("children.age_from", Nowhere("which field tells it: it is told as data")),
    ("children.also_if", Nowhere("pages of the shop")),
    (
        "children.unknown_age",
        By("unknown_age = \"adult\"", "unknown_age = \"child\"", &[Dpia, Of("for-you")]),
    ),
    ("children.unknown_because", By("children's books are bought by parents", "parents buy them", &[Dpia])),
    // who reads what
    ("strategies.*.plugin", By("plugin    = \"for_you\"", "plugin    = \"for_you_2\"", &[Of("for-you")])),
    ("strategies.*.script", By("script   = \"visit.rhai\"", "script   = \"visits.rhai\"", &[Of("visit")])),
    (
        "strategies.*.vendor",
        By("vendor    = \"readwell\"", "vendor    = \"alphaheberge\"", &[Of("goes-together")]),
    ),
    ("strategies.*.pinned", Nowhere("of a script, which nobody compiles")),
    (
        "strategies.*.isolation",
        By("isolation = \"process\"", "isolation = \"sandbox\"", &[Art30, Dpia, Of("for-you")]),
    ),
    (
        "strategies.*.purpose",
        By(
            "script   = \"visit.rhai\"\nmay_ask  = [\"goes-together\"]\npurpose  = \"visit-help\"",
            "script   = \"visit.rhai\"\nmay_ask  = [\"goes-together\"]\npurpose  = \"personalise\"",
            &[Art30, Of("visit")],
        ),
    ),
    (
        "strategies.*.learning_purpose",
        By("learning_purpose = \"improve\"", "learning_purpose = \"personalise\"", &[Of("goes-together")]),
    ),
    ("strategies.*.may_ask", By("may_ask  = [\"goes-together\"]\n", "", &[Of("visit")])),
    ("strategies.*.limits.time_ms", Nowhere("a figure of the engineers")),
    ("strategies.*.limits.memory_mb", Nowhere("as above")),
    ("strategies.*.limits.results", Nowhere("as above")),
    (
        "strategies.*.may_learn_from.at_least_people",
        By("at_least_people = 4", "at_least_people = 5", &[Of("goes-together")]),
    ),
    (
        "strategies.*.may_learn_from.a_person_counts",
        By("a_person_counts = 2", "a_person_counts = 1", &[Of("goes-together")]),
    ),
    ("strategies.*.may_learn_from.*.as", Nowhere("one word alone is taken")),
    (
        "strategies.*.may_learn_from.*.newest",
        By(
            "as = \"sessions\", newest = \"24 months\"",
            "as = \"sessions\", newest = \"12 months\"",
            &[Of("goes-together")],
        ),
    ),
    (
        "strategies.*.may_read.*.as",
        By(
            "\"subject.member\"     = \"exact\"",
            "\"subject.member\"     = \"yes or no\"",
            &[Parameters, Dpia, Of("for-you")],
        ),
    ),
    (
        "strategies.*.may_read.*.because",
        By("because = \"the department\"", "because = \"the town\"", &[Dpia, Of("for-you")]),
    ),
    (
        "strategies.*.may_read.*.may",
        By("to = 50, may = \"order\"", "to = 50, may = \"order and hide\"", &[Dpia, Of("for-you")]),
    ),
    (
        "strategies.*.may_read.*.newest",
        By(
            "of = \"subjects\", newest = \"30 days\"",
            "of = \"subjects\", newest = \"20 days\"",
            &[Dpia, Of("for-you")],
        ),
    ),
    (
        "strategies.*.may_read.*.changes_every",
        By("changes_every = \"30 days\"", "changes_every = \"20 days\"", &[Parameters, Dpia, Of("for-you")]),
    ),
    (
        "strategies.*.may_read.*.edges",
        By("edges = [50, 200]", "edges = [50]", &[Parameters, Dpia, Of("for-you")]),
    ),
    (
        "strategies.*.may_read.*.from",
        By("years = 15, from = 25", "years = 15, from = 30", &[Parameters, Dpia, Of("for-you")]),
    ),
    ("strategies.*.may_read.*.k", By("k = 10, of", "k = 9, of", &[Parameters, Dpia, Of("for-you")])),
    (
        "strategies.*.may_read.*.map.*",
        By("comics = \"fiction\"", "comics = \"comics\"", &[Parameters, Dpia, Of("for-you")]),
    ),
    (
        "strategies.*.may_read.*.n",
        By(
            "as = \"first characters\", n = 2",
            "as = \"first characters\", n = 3",
            &[Parameters, Dpia, Of("for-you")],
        ),
    ),
    (
        "strategies.*.may_read.*.of",
        By("k = 10, of = \"subjects\"", "k = 10, of = \"category\"", &[Parameters, Dpia, Of("for-you")]),
    ),
    (
        "strategies.*.may_read.*.to",
        By("as = \"round\", to = 50", "as = \"round\", to = 100", &[Parameters, Dpia, Of("for-you")]),
    ),
    (
        "strategies.*.may_read.*.years",
        By("years = 15, from", "years = 10, from", &[Parameters, Dpia, Of("for-you")]),
    ),
    ("defaults.limits.time_ms", Nowhere("a figure of the engineers")),
    ("defaults.limits.memory_mb", Nowhere("as above")),
    ("defaults.limits.results", Nowhere("as above")),
    ("stop.everything", Nowhere("an act and no rule")),
    ("stop.strategies", Nowhere("as above")),
    ("audit.basis", Nowhere("one word alone is taken")),
    ("audit.balance", By("balance      = \"LIA-9\"", "balance      = \"LIA-8\"", &[Art30])),
    ("audit.record", By("record       = \"every decision\"", "record       = \"refusals\"", &[Art30])),
    ("audit.person", Nowhere("one word alone is taken")),
    ("audit.when_full", Nowhere("as above")),
    ("audit.keep", By("keep         = \"12 months\"", "keep         = \"6 months\"", &[Art30, Notice])),
    ("audit.keep_proofs", Nowhere("how long what proves is kept")),
    ("reasons.*", Nowhere("told beside a product")),
    ("test.name", By("a stopped strategy does not run", "what is stopped does not run", &[Dpia])),
    ("test.ask", Nowhere("what a test asks shows in what came of it")),
    ("test.given", Nowhere("as above")),
    ("test.expect", Nowhere("as above")),
];
