// What the page says, in its languages. Reasons and headings of lists come from the API in the shop's languages, English and French; the
// page has its own where the shop has none. The questions are the policy's: a test compares them.

export const LANGUAGES = ["en", "fr", "de"];

/** In which language the shop is asked for its texts. */
export const spokenBy = (language) => (language === "de" ? "en" : language);

const KINDS = {
  tents: ["Tents", "Tentes", "Zelte"], boots: ["Hiking boots", "Chaussures de randonnée", "Wanderschuhe"], packs: ["Packs", "Sacs à dos", "Rucksäcke"],
  skis: ["Skis", "Skis", "Ski"], ropes: ["Ropes", "Cordes", "Seile"], "pharmacy/blisters": ["First aid", "Premiers soins", "Erste Hilfe"],
};

const WORDS = {
  en: {
    known: "What the shop knows of you now",
    person: "Visit the shop as",
    nothing: "Nothing.",
    nothing_told: "This visit has an id that the page forgets when it is closed, and that is all.",
    looked_at: (title) => `You looked at ${title}`,
    this_visit: "in this visit; gone 30 minutes after the last click",
    not_kept: "the policy lets the shop keep nothing of it",
    question: "May the list follow your visit?",
    question_person: "May your list follow what you did here before?",
    yes: "Yes", no: "No",
    no_told: "With “No” the visit is forgotten, and the list is the one from before.",
    person_told: "The answer is stored, and the next list obeys it.",
    child_told: "Nobody under 18 is asked, and nobody under 18 gets a list of their own.",
    choices: "What your answer changes", as_answered: "As you have answered", as_nobody: "For nobody in particular",
    banner: "May we?",
    questions: {
      personalisation: "Choose products for you from what you looked at and bought here.",
      improvement: "Learn, from what many looked at and bought, which products go together and what is in demand.",
    },
    refuse_all: "No to both", accept_all: "Yes to both", one_by_one: "Answer each one",
    banner_told: "The shop works the same with a no, and you can change your mind at any time.",
    born: (value) => `Born on ${value}`, postcode: (value) => `Postcode ${value}`,
    did: (count) => (count === 1 ? "One visit or purchase that is kept" : `${count} things that you looked at or bought here`),
    granted: (what) => `You said yes: ${what}`, refused: (what) => `You said no: ${what}`, withdrawn: (what) => `You took back your yes: ${what}`,
    lapsed: (what) => `You said yes, which no longer counts: ${what}`,
    void: (what) => `You said yes, which does not count under 18: ${what}`, objects: "You objected to all profiling",
    basket: (count) => `Basket (${count})`, basket_title: "Your basket", basket_empty: "The basket is empty.",
    add: "Add to basket", popular: "Depends on nobody.", contextual: "Depends on the page.", session: "Follows this visit.", full: "Personal.",
    why: "Why this list?", ran: "gave products", refused_status: "was not allowed to run",
    whys: { consent: "no consent", objection: "you objected", child: "you are under 18", "global-privacy-control": "Global Privacy Control", restricted: "your data is restricted" },
    may_read: "may read", may_read_nothing: "nothing", calls: (count) => `The page's calls to Jardin (${count})`, copy: "Copy as curl", copied: "Copied", no_items: "Nothing to show here.",
    failed: "The shop cannot be reached.", headings: {}, reasons: {},
    people: {
      "": ["Somebody unknown", "No account, no cookie. Click on three products and look at the list."],
      camille: ["Camille", "Agreed to a list of her own, and to improving lists for all."],
      noor: ["Noor", "Has an account and has answered nothing yet."],
      sacha: ["Sacha", "Agreed once, and objected since."],
      lou: ["Lou", "Is a child, and agreed to a list of their own."],
    },
  },
  fr: {
    known: "Ce que la boutique sait de vous en ce moment",
    person: "Visiter la boutique en tant que",
    nothing: "Rien.",
    nothing_told: "Cette visite a un identifiant que la page oublie en se fermant, et c'est tout.",
    looked_at: (title) => `Vous avez regardé ${title}`,
    this_visit: "pendant cette visite ; oublié 30 minutes après le dernier clic",
    not_kept: "la politique interdit à la boutique d'en garder quoi que ce soit",
    question: "La liste peut-elle suivre votre visite ?",
    question_person: "Votre liste peut-elle suivre ce que vous avez fait ici ?",
    yes: "Oui", no: "Non",
    no_told: "Avec « Non », la visite est oubliée et la liste redevient celle d'avant.",
    person_told: "La réponse est enregistrée, et la liste suivante la respecte.",
    child_told: "Personne de moins de 18 ans n'est interrogé ni n'a de liste à soi.",
    choices: "Ce que change votre réponse", as_answered: "D'après votre réponse", as_nobody: "Pour personne en particulier",
    banner: "Vous permettez ?",
    questions: {
      personalisation: "Choisir des produits pour vous d'après ce que vous avez regardé et acheté ici.",
      improvement: "Apprendre, de ce que beaucoup ont regardé et acheté, quels produits vont ensemble et ce qui plaît en ce moment.",
    },
    refuse_all: "Non aux deux", accept_all: "Oui aux deux", one_by_one: "Répondre séparément",
    banner_told: "La boutique fonctionne aussi bien avec un non, et vous pouvez changer d'avis à tout moment.",
    born: (value) => `Date de naissance : ${value}`, postcode: (value) => `Code postal ${value}`,
    did: (count) => (count === 1 ? "Une visite ou un achat conservé" : `${count} consultations ou achats conservés`),
    granted: (what) => `Vous avez dit oui : ${what}`, refused: (what) => `Vous avez dit non : ${what}`, withdrawn: (what) => `Vous avez retiré votre oui : ${what}`,
    lapsed: (what) => `Vous avez dit oui, ce qui ne compte plus : ${what}`,
    void: (what) => `Vous avez dit oui, ce qui ne compte pas avant 18 ans : ${what}`, objects: "Vous vous êtes opposé à tout profilage",
    basket: (count) => `Panier (${count})`, basket_title: "Votre panier", basket_empty: "Le panier est vide.",
    add: "Ajouter au panier", popular: "Ne dépend de personne.", contextual: "Dépend de la page.", session: "Suit cette visite.", full: "Personnelle.",
    why: "Pourquoi cette liste ?", ran: "a donné des articles", refused_status: "n'avait pas le droit",
    whys: { consent: "sans accord", objection: "vous vous êtes opposé", child: "moins de 18 ans", "global-privacy-control": "Global Privacy Control", restricted: "vos données sont limitées" },
    may_read: "peut lire", may_read_nothing: "rien", calls: (count) => `Les appels de la page à Jardin (${count})`, copy: "Copier en curl", copied: "Copié", no_items: "Rien à montrer ici.",
    failed: "La boutique ne répond pas.", headings: {}, reasons: {},
    people: {
      "": ["Une personne inconnue", "Ni compte ni cookie. Cliquez sur trois articles et regardez la liste."],
      camille: ["Camille", "A accepté une liste à elle, et d'améliorer celles de tous."],
      noor: ["Noor", "A un compte et n'a encore répondu à rien."],
      sacha: ["Sacha", "Avait accepté, puis s'est opposé."],
      lou: ["Lou", "Est un enfant et a accepté une liste à soi."],
    },
  },
  de: {
    known: "Was der Shop gerade über Sie weiß",
    person: "Den Shop besuchen als",
    nothing: "Nichts.",
    nothing_told: "Dieser Besuch hat eine Kennung, die die Seite beim Schließen vergisst. Das ist alles.",
    looked_at: (title) => `Angesehen: ${title}`,
    this_visit: "bei diesem Besuch; 30 Minuten nach dem letzten Klick vergessen",
    not_kept: "die Richtlinie erlaubt dem Shop nicht, etwas davon zu behalten",
    question: "Darf die Liste Ihrem Besuch folgen?",
    question_person: "Darf Ihre Liste berücksichtigen, was Sie hier bisher getan haben?",
    yes: "Ja", no: "Nein",
    no_told: "Mit „Nein“ wird der Besuch vergessen, und die Liste ist wieder die vorherige.",
    person_told: "Die Antwort wird gespeichert; schon die nächste Liste richtet sich danach.",
    child_told: "Unter 18 wird niemand gefragt und bekommt niemand eine eigene Liste.",
    choices: "Was Ihre Antwort ändert", as_answered: "Nach Ihrer Antwort", as_nobody: "Für niemanden im Besonderen",
    banner: "Dürfen wir?",
    questions: {
      personalisation: "Produkte für Sie auswählen, ausgehend von dem, was Sie hier angesehen und gekauft haben.",
      improvement: "Aus dem, was viele angesehen und gekauft haben, lernen, welche Produkte zusammenpassen und was gefragt ist.",
    },
    refuse_all: "Nein zu beidem", accept_all: "Ja zu beidem", one_by_one: "Einzeln antworten",
    banner_told: "Der Shop funktioniert mit einem Nein genauso, und Sie können Ihre Antwort jederzeit ändern.",
    born: (value) => `Geboren am ${value}`, postcode: (value) => `Postleitzahl ${value}`,
    did: (count) => (count === 1 ? "Ein gespeicherter Besuch oder Kauf" : `${count} Dinge, die Sie hier angesehen oder gekauft haben`),
    granted: (what) => `Sie haben ja gesagt: ${what}`, refused: (what) => `Sie haben nein gesagt: ${what}`, withdrawn: (what) => `Sie haben Ihr Ja zurückgenommen: ${what}`,
    lapsed: (what) => `Sie haben ja gesagt, was nicht mehr zählt: ${what}`,
    void: (what) => `Sie haben ja gesagt, was unter 18 nicht zählt: ${what}`, objects: "Sie haben jeder Profilbildung widersprochen",
    basket: (count) => `Warenkorb (${count})`, basket_title: "Ihr Warenkorb", basket_empty: "Der Warenkorb ist leer.",
    add: "In den Warenkorb", popular: "Hängt von niemandem ab.", contextual: "Hängt von der Seite ab.", session: "Folgt diesem Besuch.", full: "Persönlich.",
    why: "Warum diese Liste?", ran: "hat Produkte geliefert", refused_status: "durfte nicht laufen",
    whys: { consent: "keine Einwilligung", objection: "Sie haben widersprochen", child: "Sie sind unter 18", "global-privacy-control": "Global Privacy Control", restricted: "Ihre Daten sind eingeschränkt" },
    may_read: "darf lesen:", may_read_nothing: "nichts", calls: (count) => `Die Aufrufe der Seite an Jardin (${count})`, copy: "Als curl kopieren", copied: "Kopiert", no_items: "Hier gibt es nichts zu zeigen.",
    failed: "Der Shop ist nicht erreichbar.",
    headings: {
      home: "Für den Anfang", product_page: "Das passt dazu", also_viewed: "Ähnliche Produkte", basket: "Nichts vergessen?", in_demand: "Gerade gefragt", new_in: "Neu",
    },
    reasons: {
      your_visits: "Weil Sie hier Ähnliches angesehen haben", this_visit: "Wie das, was Sie gerade angesehen haben", goes_with: "Passt zu diesem Produkt",
      instead: "Anstelle des ausverkauften Produkts", similar: "Von derselben Art", in_basket: "Passt zu Ihrem Warenkorb", new_in: "Neu", gift_idea: "Geschenkidee", good_deal: "Günstig",
    },
    people: {
      "": ["Unbekannte Person", "Kein Konto, kein Cookie. Klicken Sie auf drei Produkte und sehen Sie sich die Liste an."],
      camille: ["Camille", "Hat einer eigenen Liste zugestimmt, und dass die Listen aller besser werden."],
      noor: ["Noor", "Hat ein Konto und noch nichts beantwortet."],
      sacha: ["Sacha", "Hatte zugestimmt und dann widersprochen."],
      lou: ["Lou", "Ist ein Kind und hat einer eigenen Liste zugestimmt."],
    },
  },
};

/** The words of a language. */
export const wordsOf = (language) => WORDS[language] ?? WORDS.en;

/** The kinds of products that stand in the bar, with their names. */
export const shelvesOf = (language) => Object.entries(KINDS).map(([kind, names]) => [kind, names[LANGUAGES.indexOf(language)] ?? names[0]]);

/** A price as the language writes it. */
export const priceIn = (language, price) => new Intl.NumberFormat(language, { style: "currency", currency: "EUR" }).format(price);
