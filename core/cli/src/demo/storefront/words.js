// What the page says, in the shop's languages. Reasons and headings of lists come from the API.

export const LANGUAGES = ["en", "fr"];

const KINDS = {
  tents: ["Tents", "Tentes"], boots: ["Hiking boots", "Chaussures de randonnée"], packs: ["Packs", "Sacs à dos"],
  skis: ["Skis", "Skis"], ropes: ["Ropes", "Cordes"], "pharmacy/blisters": ["First aid", "Premiers soins"],
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
    born: (value) => `Born on ${value}`, postcode: (value) => `Postcode ${value}`,
    did: (count) => (count === 1 ? "One visit or purchase that is kept" : `${count} things that you looked at or bought here`),
    agreed: (name) => `You agreed to “${name}”`, refused: (name) => `You took back “${name}”`, objects: "You objected to all profiling",
    basket: (count) => `Basket (${count})`, basket_title: "Your basket", basket_empty: "The basket is empty.",
    add: "Add to basket", popular: "depends on nobody", contextual: "depends on the page", session: "follows this visit", full: "personal",
    why: "Why this list?", ran: "gave items", refused_status: "was not allowed to run", shelf: "On the shelf", paid: "Paid place",
    may_read: "may read", calls: (count) => `The page's calls to Jardin (${count})`, copy: "Copy as curl", copied: "Copied", no_items: "Nothing to show here.",
    failed: "The shop cannot be reached.",
    people: {
      "": ["Somebody unknown", "No account, no cookie. Click on three products and look at the list."],
      camille: ["Camille", "Agreed to a list of her own, and to improving lists for all."],
      noor: ["Noor", "Has an account and agreed to nothing."],
      sacha: ["Sacha", "Agreed once, and objected since."],
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
    born: (value) => `Date de naissance : ${value}`, postcode: (value) => `Code postal ${value}`,
    did: (count) => (count === 1 ? "Une visite ou un achat conservé" : `${count} consultations ou achats conservés`),
    agreed: (name) => `Vous avez accepté « ${name} »`, refused: (name) => `Vous avez retiré « ${name} »`, objects: "Vous vous êtes opposé à tout profilage",
    basket: (count) => `Panier (${count})`, basket_title: "Votre panier", basket_empty: "Le panier est vide.",
    add: "Ajouter au panier", popular: "ne dépend de personne", contextual: "dépend de la page", session: "suit cette visite", full: "personnelle",
    why: "Pourquoi cette liste ?", ran: "a donné des articles", refused_status: "n'avait pas le droit", shelf: "En rayon", paid: "Emplacement payé",
    may_read: "peut lire", calls: (count) => `Les appels de la page à Jardin (${count})`, copy: "Copier en curl", copied: "Copié", no_items: "Rien à montrer ici.",
    failed: "La boutique ne répond pas.",
    people: {
      "": ["Un inconnu", "Ni compte ni cookie. Cliquez sur trois articles et regardez la liste."],
      camille: ["Camille", "A accepté une liste à elle, et d'améliorer celles de tous."],
      noor: ["Noor", "A un compte et n'a rien accepté."],
      sacha: ["Sacha", "Avait accepté, puis s'est opposé."],
    },
  },
};

/** The words of a language. */
export const wordsOf = (language) => WORDS[language] ?? WORDS.en;

/** The kinds of products that stand in the bar, with their names. */
export const shelvesOf = (language) => Object.entries(KINDS).map(([kind, names]) => [kind, names[LANGUAGES.indexOf(language)] ?? names[0]]);

/** A price as the language writes it. */
export const priceIn = (language, price) => new Intl.NumberFormat(language, { style: "currency", currency: "EUR" }).format(price);
