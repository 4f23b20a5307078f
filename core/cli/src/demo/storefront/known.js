// What the shop knows, the switch beside it, and the questions that are not answered yet.

import { read } from "/api.js";
import { $, answers, make } from "/elements.js";
import { beginVisit, state } from "/state.js";

/** The version of the questions that the page asks, as the policy names it. */
const TEXT_VERSION = "2026-10";
/** The questions of the policy, in the order in which they are asked. */
export const QUESTIONS = ["personalisation", "improvement"];
const ADULT_AT = 18;

function isChild(born) {
  const grown = new Date(born);
  grown.setFullYear(grown.getFullYear() + ADULT_AT);
  return grown > new Date();
}

/** The answer to each question that was given last; the record keeps every one. */
const lastAnswers = (consents) => QUESTIONS.flatMap((name) => consents.filter((consent) => consent.name === name).sort((a, b) => a.at.localeCompare(b.at)).slice(-1));

/** What is stored of who visits. Of somebody unknown nothing is: they are asked about this visit alone. */
export async function readPerson() {
  const record = state.person === "" ? undefined : await read(`/v1/subjects/${state.person}`);
  if (!record) return { consents: [], open: [], fields: {}, events: [], objects: false, child: false, agreed: state.person === "" && state.follows };
  const { fields, events, objection } = record;
  const consents = lastAnswers(record.consents);
  const child = fields.birth_date !== undefined && isChild(fields.birth_date.value);
  const open = child || objection.active ? [] : QUESTIONS.filter((question) => !consents.some(({ name }) => name === question));
  const agreed = !child && !objection.active && consents.some(({ name, counts }) => name === "personalisation" && counts);
  return { record, consents, open, fields, events, objects: objection.active, objectsSince: objection.since, child, agreed };
}

export async function storeAnswer(question, status) {
  await state.jardin.answerConsent(question, status, TEXT_VERSION, "storefront");
}

async function storeAnswers(questions, status) {
  for (const question of questions) await storeAnswer(question, status);
  await state.redraw({ announces: true });
}

/** The answer to whether lists follow: the person's, or for somebody unknown this visit's. */
export async function answerSwitch(yes) {
  if (state.person !== "") return storeAnswers(["personalisation"], yes ? "granted" : "withdrawn");
  state.follows = yes;
  if (!yes) beginVisit();
  return state.redraw({ announces: true });
}

function line(text, small, classes = "") {
  return make("li", classes, text, ...(small ? [make("small", "", small)] : []));
}

/** An answer in words: a yes counts no longer once it has expired, and never from a child. */
function consentLine({ name, status, counts }, child) {
  const { words } = state;
  const said = status === "granted" && !counts ? (child ? words.void : words.lapsed) : words[status];
  return line(said(words.questions[name]));
}

function linesOf({ consents, fields, events, objects, child }, titles) {
  const { words } = state;
  const lines = state.done.map(({ text, kept }) => (kept ? line(text(), words.this_visit) : line(text(), words.not_kept, "aside")));
  if (state.person !== "" || state.follows) lines.push(...titles.map((title) => line(words.in_basket(title))));
  lines.push(...consents.map((consent) => consentLine(consent, child)));
  if (objects) lines.push(line(words.objects));
  if (fields.birth_date) lines.push(line(words.born(fields.birth_date.value)));
  if (fields.postcode) lines.push(line(words.postcode(fields.postcode.value)));
  if (events.length > 0) lines.push(line(words.did(events.length)));
  return lines.length > 0 ? lines : [line(words.nothing, words.nothing_told, "nothing")];
}

function switchOf({ child, agreed, open }) {
  const { words } = state;
  const [asked, told] = state.person === "" ? [words.question, words.no_told] : [words.question_person, words.person_told];
  const legend = make("legend", "", asked);
  if (child) return [legend, make("small", "", words.child_told)];
  if (open.length > 0) return [legend, make("small", "", words.asked_above)];
  return [legend, answers(words.no, words.yes, answerSwitch, agreed), make("small", "", told)];
}

/** Shows what is known, the switch, and the banner. `titles` are those of what lies in the basket. */
export function showKnown(person, titles) {
  $("known").replaceChildren(...linesOf(person, titles));
  $("choice").replaceChildren(...switchOf(person));
  showBanner(person.open);
}

/** What was never answered is asked, above the page and not over it: both at once, or each for itself. */
function showBanner(open) {
  const { words } = state;
  const banner = $("banner");
  banner.hidden = open.length === 0;
  if (banner.hidden) return banner.replaceChildren();
  banner.setAttribute("aria-label", words.banner);
  const choose = (questions) => (yes) => storeAnswers(questions, yes ? "granted" : "refused");
  const [no, yes] = open.length > 1 ? [words.refuse_all, words.accept_all] : [words.no, words.yes];
  const each = open.flatMap((name) => [make("p", "", words.questions[name]), answers(words.no, words.yes, choose([name]))]);
  const details = open.length > 1 ? [make("details", "", make("summary", "", words.one_by_one), ...each)] : [];
  const asked = make("ul", "", ...open.map((name) => make("li", "", words.questions[name])));
  return banner.replaceChildren(make("h2", "", words.banner), asked, answers(no, yes, choose(open)), ...details, make("small", "", words.banner_told));
}
