// What the page says in each of its languages stands in words_en.js, words_fr.js and words_de.js. The shop speaks English and French:
// titles, headings and reasons come from the API in these; for German the page has headings and reasons of its own.

export const LANGUAGES = { en: "English", fr: "Français", de: "Deutsch" };

/** In which language the shop is asked for its texts. */
export const spokenBy = (language) => (language === "de" ? "en" : language);

/** The words of a language, fetched when it is first spoken. */
export const wordsOf = async (language) => (await import(`/words_${language}.js`)).default;

/** The language of the browser, where the page speaks it. */
export const preferredLanguage = () => Object.keys(LANGUAGES).find((language) => navigator.language.startsWith(language)) ?? "en";

/** A price as the language writes it. */
export const priceIn = (language, price) => new Intl.NumberFormat(language, { style: "currency", currency: "EUR" }).format(price);

/** A day as the language writes it. */
export const dayIn = (language, time) => new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(time));
