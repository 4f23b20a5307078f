//! The fixed phrases of what shoppers are told, in French and English; other languages get the English ones.

/// The fixed phrases of one language.
pub(super) struct Words {
    pub(super) notice: &'static str,
    pub(super) who: &'static str,
    pub(super) what_for: &'static str,
    pub(super) with_consent: &'static str,
    pub(super) by_interest: &'static str,
    pub(super) nothing: &'static str,
    pub(super) profiling: &'static str,
    pub(super) data: &'static str,
    pub(super) kept: &'static str,
    pub(super) never: &'static str,
    pub(super) children: &'static str,
    pub(super) rights: &'static str,
    pub(super) rights_list: [&'static str; 4],
    pub(super) complain: &'static str,
    pub(super) parameters: &'static str,
    pub(super) parameters_intro: &'static str,
    pub(super) none: &'static str,
    pub(super) prices: &'static str,
    pub(super) head: [&'static str; 3],
}

const ENGLISH: Words = Words {
    notice: "How we choose what we show you",
    who: "Who answers for your data",
    what_for: "What we use your data for",
    with_consent: "Only with your consent, which you can withdraw at any time.",
    by_interest: "On the ground of our interest:",
    nothing: "Nothing about you is read.",
    profiling: "This evaluates what you might like (profiling).",
    data: "Data used",
    kept: "kept for",
    never: "Never tied to you: products of these kinds",
    children: "Nobody under this age is profiled:",
    rights: "What you can do",
    rights_list: [
        "see and take with you everything that we keep about you",
        "have it corrected or erased",
        "object, or restrict what we do",
        "withdraw a consent, as easily as you gave it",
    ],
    complain: "You can complain to the supervisory authority:",
    parameters: "What decides about the order of our recommendations",
    parameters_intro: "Each list is made for one of these purposes. What counts, besides the products themselves:",
    none: "nothing about you",
    prices: "Recommendations order products. They never set a price and never refuse a service.",
    head: ["purpose", "what counts", "how to change it"],
};

const FRENCH: Words = Words {
    notice: "Comment nous choisissons ce que nous vous montrons",
    who: "Qui répond de vos données",
    what_for: "À quoi servent vos données",
    with_consent: "Seulement avec votre accord, que vous pouvez retirer à tout moment.",
    by_interest: "Au titre de notre intérêt :",
    nothing: "Rien de vous n'est lu.",
    profiling: "Ceci évalue ce qui pourrait vous plaire (profilage).",
    data: "Données utilisées",
    kept: "gardé",
    never: "Jamais rattachés à vous : les produits de ces genres",
    children: "Nul n'est profilé au-dessous de cet âge :",
    rights: "Ce que vous pouvez faire",
    rights_list: [
        "voir et emporter tout ce que nous gardons sur vous",
        "le faire corriger ou effacer",
        "vous opposer, ou limiter ce que nous faisons",
        "retirer un accord, aussi simplement que vous l'avez donné",
    ],
    complain: "Vous pouvez saisir l'autorité de contrôle :",
    parameters: "Ce qui décide de l'ordre de nos recommandations",
    parameters_intro: "Chaque liste est faite pour l'une de ces finalités. Ce qui compte, outre les produits eux-mêmes :",
    none: "rien de vous",
    prices: "Les recommandations ordonnent des produits. Elles ne fixent jamais un prix et ne refusent jamais un service.",
    head: ["finalité", "ce qui compte", "comment le changer"],
};

/// The phrases of a language.
pub(super) fn words(language: &str) -> &'static Words {
    if language == "fr" { &FRENCH } else { &ENGLISH }
}
