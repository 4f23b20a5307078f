// What the shop knows, the switch beside it, and the questions that are not answered yet.

import { read } from "/api.js";
import { $, answers, make, textOf } from "/elements.js";
import { beginVisit, state } from "/state.js";

const ADULT_AT = 18;

function isChild(born) {
  const grown = new Date(born);
  grown.setFullYear(grown.getFullYear() + ADULT_AT);
  return grown > new Date();
}

/** The answer to each question that was given last; the record keeps every one. */
const lastAnswers = (consents) => state.questions.flatMap(({ name }) => consents.filter((consent) => consent.name === name).sort((a, b) => a.at.localeCompare(b.at)).slice(-1));

/** What is stored of who visits. Of somebody unknown nothing is: they are asked about this visit alone. */
export async function readPerson() {
  const record = state.person === "" ? undefined : await read(`/v1/subjects/${state.person}`);
  if (!record) return { consents: [], open: [], fields: {}, events: [], objects: false, child: false, agreed: state.person === "" && state.follows };
  const { fields, events, objection } = record;
  const consents = lastAnswers(record.consents);
  const child = fields.birth_date !== undefined && isChild(fields.birth_date.value);
  const open = child || objection.active ? [] : state.questions.filter(({ name }) => !consents.some((consent) => consent.name === name));
  const agreed = !child && !objection.active && consents.some(({ name, counts }) => name === "personalisation" && counts);
  return { record, consents, open, fields, events, objects: objection.active, objectsSince: objection.since, child, agreed };
}

/** Records an answer to a question of that name, in the version that is asked now. */
export async function storeAnswer(name, status) {
  const { version } = state.questions.find((question) => question.name === name);
  await state.jardin.answerConsent(name, status, version, "storefront");
}

async function storeAnswers(names, status) {
  for (const name of names) await storeAnswer(name, status);
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
  return make("li", "", said, textOf(state.questions.find((question) => question.name === name)));
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
  const choose = (questions) => (yes) => storeAnswers(questions.map(({ name }) => name), yes ? "granted" : "refused");
  const [no, yes] = open.length > 1 ? [words.refuse_all, words.accept_all] : [words.no, words.yes];
  const each = open.flatMap((question) => [make("p", "", textOf(question)), answers(words.no, words.yes, choose([question]))]);
  const details = open.length > 1 ? [make("details", "", make("summary", "", words.one_by_one), ...each)] : [];
  const asked = make("ul", "", ...open.map((question) => make("li", "", textOf(question))));
  return banner.replaceChildren(make("h2", "", words.banner), asked, answers(no, yes, choose(open)), ...details, make("small", "", words.banner_told));
}
