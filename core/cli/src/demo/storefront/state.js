// What the page remembers, in memory alone: it is gone when the page is closed.

import { recordedFetch } from "/api.js";
import { Jardin } from "/jardin.js";
import { preferredLanguage, spokenBy, wordsOf } from "/words.js";

/** How long a list is waited for: a busy machine of a developer's is given time. */
const PATIENCE_MS = 20_000;

export const state = {
  language: preferredLanguage(),
  words: undefined,
  /** What the policy asks, in a language that the shop speaks: {name, version, text, lang}. */
  questions: [],
  /** Who visits, by the id of their account; empty for somebody unknown. */
  person: "",
  /** Whether the lists of somebody unknown follow their visit. */
  follows: true,
  /** What was done in this visit, the newest first: {text, kept}. */
  done: [],
  /** Ids of products. */
  basket: [],
  /** The client of this visit. */
  jardin: undefined,
  /** Draws everything anew, by what is known now. */
  redraw: async () => {},
};

const clientFor = (visit) => new Jardin({ visit, fetch: recordedFetch, patienceMs: PATIENCE_MS });

/** Lists for nobody in particular. */
export const nobody = clientFor({});

/** Another visit, of which nothing is known yet. */
export function beginVisit() {
  state.done = [];
  state.jardin = clientFor({ session_id: crypto.randomUUID(), ...(state.person !== "" && { subject_id: state.person }) });
}

/** Takes the words of a language, with the questions of the policy as the shop asks them; where they cannot be had nothing is asked. */
export async function speak(language) {
  const [words, asked] = await Promise.all([wordsOf(language), nobody.questions(spokenBy(language)).catch(() => [])]);
  state.words = words;
  state.language = language;
  // what evaluates a person is asked first
  const profiles = ({ permits }) => permits.some(({ profiling }) => profiling);
  state.questions = [...asked].sort((a, b) => profiles(b) - profiles(a)).map(({ name, text_version: version, wording, permits }) => ({
    name, version, lang: spokenBy(language), text: wording ?? permits.map(({ says }) => says).join(" "),
  }));
}

/** Whether anything of this visit is told. */
export const isFollowed = () => state.person !== "" || state.follows;

/** Tells of something that was done, and remembers whether the shop keeps it. `text` says it in the page's language. */
export async function tell(event, text) {
  if (!isFollowed()) return;
  // what was recorded before goes first, so that the receipt is this event's alone
  await state.jardin.flush();
  state.jardin.record(event);
  const receipt = await state.jardin.flush();
  if (receipt) state.done = [{ text, kept: receipt.accepted > 0 }, ...state.done.filter((earlier) => earlier.text() !== text())];
}
