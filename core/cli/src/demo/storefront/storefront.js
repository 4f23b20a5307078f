// The demo's shop: what it knows on the left, what it shows on the right, and the answer that decides between them. Everything that is
// shown comes from the public API; what the page remembers is gone when it is closed.

import { asCommand, call, calls, recommend, tell } from "/api.js";
import { renderList } from "/jardin.js";
import { drawProduct } from "/pictures.js";
import { LANGUAGES, priceIn, shelvesOf, spokenBy, wordsOf } from "/words.js";

const visit = { id: crypto.randomUUID(), lines: [] };
const spoken = LANGUAGES.find((language) => navigator.language.startsWith(language)) ?? "en";
const state = { language: spoken, person: "", follows: true, basket: [] };
const products = new Map((await (await fetch("/products.json")).json()).map((product) => [product.id, product]));
let words = wordsOf(state.language);

const $ = (id) => document.getElementById(id);
const titleOf = (product) => (state.language === "fr" ? product.fr : product.en);

/** An element with classes and children; texts are never read as markup. */
function make(name, classes = "", ...children) {
  const element = document.createElement(name);
  if (classes !== "") element.className = classes;
  element.append(...children);
  return element;
}

function button(text, act, pressed) {
  const element = make("button", "", text);
  element.type = "button";
  if (pressed !== undefined) element.setAttribute("aria-pressed", String(pressed));
  element.addEventListener("click", act);
  return element;
}

/** The version of the questions that the page asks, as the policy names it. */
const TEXT_VERSION = "2026-10";
/** The questions of the policy, in the order in which they are asked. */
const QUESTIONS = ["personalisation", "improvement"];
const ADULT_AT = 18;

/** What a request says of whom it is for. */
function whom() {
  const known = state.person === "" ? {} : { subject_id: state.person };
  const session = state.basket.length > 0 ? { session: { basket: state.basket } } : {};
  return { ...known, session_id: visit.id, locale: spokenBy(state.language), ...session };
}

function forgetVisit() {
  visit.id = crypto.randomUUID();
  visit.lines = [];
}

async function lookAt(id) {
  if (!state.follows && state.person === "") return;
  const known = state.person === "" ? {} : { subject_id: state.person };
  const kept = await tell({ type: "view_item", session_id: visit.id, ...known, items: [{ item_id: id }] });
  visit.lines = [{ id, kept }, ...visit.lines.filter((line) => line.id !== id)];
}

// ---- left: what is known, and the answer ----------------------------------------------------------------------------------------

function knownLine(text, small, classes = "") {
  return make("li", classes, text, ...(small ? [make("small", "", small)] : []));
}

/** An answer in words: a yes counts no longer once it has expired, and never from a child. */
function consentLine({ name, status, counts }, child) {
  const lapsed = child ? words.void : words.lapsed;
  const said = status === "granted" && !counts ? lapsed : words[status];
  return knownLine(said(words.questions[name]));
}

function isChild(born) {
  const grown = new Date(born);
  grown.setFullYear(grown.getFullYear() + ADULT_AT);
  return grown > new Date();
}

/** The answer to each question that was given last; the record keeps every one. */
const lastAnswers = (consents) => QUESTIONS.flatMap((question) => consents.filter(({ name }) => name === question).sort((a, b) => a.at.localeCompare(b.at)).slice(-1));

/** What the shop has stored of somebody, in lines, and what it may still ask them. */
function readRecord({ consents, objection, fields, events }) {
  const { birth_date: born, postcode } = fields;
  const child = born !== undefined && isChild(born.value);
  const lines = lastAnswers(consents).map((consent) => consentLine(consent, child));
  if (objection.active) lines.push(knownLine(words.objects));
  if (born) lines.push(knownLine(words.born(born.value)));
  if (postcode) lines.push(knownLine(words.postcode(postcode.value)));
  if (events.length > 0) lines.push(knownLine(words.did(events.length)));
  const open = child || objection.active ? [] : QUESTIONS.filter((question) => !consents.some(({ name }) => name === question));
  return { lines, child, open, agreed: consents.some(({ name, counts }) => name === "personalisation" && counts) };
}

/** Somebody unknown has no record: they are asked about this visit alone. */
const knownNow = async () => (state.person === "" ? { lines: [], open: [], agreed: state.follows } : readRecord(await call("GET", `/v1/subjects/${state.person}`)));

const visitLines = () => visit.lines.map(({ id, kept }) => {
  const title = titleOf(products.get(id));
  return kept ? knownLine(words.looked_at(title), words.this_visit) : knownLine(words.looked_at(title), words.not_kept, "aside");
});

async function storeAnswers(questions, status) {
  for (const name of questions) {
    await call("PUT", `/v1/subjects/${state.person}/consents/${name}`, { status, text_version: TEXT_VERSION, source: "storefront" });
  }
  await show();
}

async function answer(yes) {
  if (state.person !== "") return storeAnswers(["personalisation"], yes ? "granted" : "withdrawn");
  state.follows = yes;
  if (!yes) forgetVisit();
  return show();
}

function choiceOf({ child, agreed }) {
  if (child) return [make("p", "", words.child_told)];
  const answers = make("div", "answers", button(words.yes, () => answer(true), agreed), button(words.no, () => answer(false), !agreed));
  const [question, told] = state.person === "" ? [words.question, words.no_told] : [words.question_person, words.person_told];
  return [make("legend", "", question), answers, make("p", "", told)];
}

/** What is asked in the banner is not asked twice. */
function showKnown(person) {
  const lines = [...visitLines(), ...person.lines];
  $("known").replaceChildren(...(lines.length > 0 ? lines : [knownLine(words.nothing, words.nothing_told, "nothing")]));
  $("choice").hidden = person.open.length > 0;
  $("choice").replaceChildren(...choiceOf(person));
}

/** A no and a yes side by side, of one size and one look. */
function answersTo(questions, no, yes) {
  return make("div", "answers", button(no, () => storeAnswers(questions, "refused")), button(yes, () => storeAnswers(questions, "granted")));
}

/** What was never answered is asked, above the page and not over it: both at once, or each for itself. */
function showBanner({ open }) {
  const banner = $("banner");
  banner.hidden = open.length === 0;
  banner.setAttribute("aria-label", words.banner);
  const questions = make("ul", "", ...open.map((name) => make("li", "", words.questions[name])));
  const both = open.length > 1;
  const answers = both ? answersTo(open, words.refuse_all, words.accept_all) : answersTo(open, words.no, words.yes);
  const each = open.flatMap((name) => [make("p", "", words.questions[name]), answersTo([name], words.no, words.yes)]);
  const choose = both ? [make("details", "", make("summary", "", words.one_by_one), ...each)] : [];
  banner.replaceChildren(make("h2", "", words.banner), questions, answers, ...choose, make("p", "", words.banner_told));
}

// ---- right: lists ---------------------------------------------------------------------------------------------------------------

/** What a card says of an item; of one that the shop does not know nothing is shown. */
function describe({ item_id: id }) {
  const product = products.get(id);
  return product && { title: titleOf(product), href: `#${id}`, price: priceIn(state.language, product.price), picture: drawProduct(product) };
}

/** Which strategies were asked, what became of each, and what it may read. */
async function whyOf(answered) {
  const table = make("dl");
  for (const { name, status, why } of answered.strategies) {
    const strategy = await call("GET", `/v1/strategies/${name}`).catch(() => ({ may_read: [] }));
    const reads = strategy.may_read.map(({ field, as }) => (as === "exact" ? field : `${field} (${as})`)).join(", ");
    const became = status === "ran" ? words.ran : `${words.refused_status} (${words.whys[why] ?? why ?? status})`;
    table.append(make("dt", "", name), make("dd", "", `${became}; ${words.may_read} ${reads || words.may_read_nothing}`));
  }
  return table;
}

/** The reasons of a list in the page's language, where the shop does not speak it. */
const translated = (item) => (words.reasons[item.reason?.code] ? { ...item, reason: { ...item.reason, text: words.reasons[item.reason.code] } } : item);

async function list(placement, title, more = {}, who = whom()) {
  const answered = await recommend({ placement, ...who, ...more });
  const place = make("div", "list");
  renderList(place, { ...answered, items: answered.items.map(translated) }, { title, describe });
  if (place.children.length === 0) place.append(make("h2", "", title), make("p", "empty", words.no_items));
  const why = make("details", "why", make("summary", "", make("span", "level", words[answered.level]), words.why));
  why.addEventListener("toggle", async () => { if (why.open && why.children.length === 1) why.append(await whyOf(answered)); showCalls(); });
  place.querySelector("h2").after(why);
  return place;
}

/** Products that no list chose. */
function shelf(title, shown) {
  const place = make("div", "list");
  renderList(place, { items: shown.map(({ id }) => ({ item_id: id })) }, { title, describe });
  return place;
}

/** Three products of the home list as somebody answered, and as it is for nobody in particular: what an answer changes. */
async function compareAnswers() {
  const rows = [[words.as_answered, whom()], [words.as_nobody, { locale: spokenBy(state.language) }]];
  const compared = await Promise.all(rows.map(([title, who]) => list("home", title, { limit: 3 }, who)));
  return [make("h1", "", words.choices), ...compared];
}

function productSheet(product) {
  const add = button(words.add, async () => { state.basket = [...new Set([...state.basket, product.id])]; await show(); });
  add.className = "act";
  const text = make("div", "text", make("h1", "", titleOf(product)), make("span", "price", priceIn(state.language, product.price)), add);
  return make("article", "product", drawProduct(product), text);
}

/** The lists of a page; a list that has no heading of its own in the shop is left out. */
async function lists(names, more) {
  const known = new Map((await call("GET", "/v1/placements")).placements.map(({ name, title }) => [name, words.headings[name] ?? title?.[state.language]]));
  return Promise.all(names.filter((name) => known.has(name)).map((name) => list(name, known.get(name) ?? name, more)));
}

async function pageOf(place) {
  const product = products.get(place);
  if (product) return [productSheet(product), ...(await lists(["product_page", "also_viewed"], { context: { page_item: place } }))];
  if (place === "basket") {
    const bought = state.basket.map((id) => products.get(id));
    const content = bought.length > 0 ? shelf(words.basket_title, bought) : make("p", "empty", words.basket_empty);
    return [content, ...(await lists(["basket"]))];
  }
  if (place === "choices") return compareAnswers();
  const kind = shelvesOf(state.language).find(([name]) => name === place);
  if (kind) return [shelf(kind[1], [...products.values()].filter(({ category }) => category === kind[0]))];
  return lists(["home", "in_demand", "new_in"]);
}

// ---- the frame ------------------------------------------------------------------------------------------------------------------

function showCalls() {
  $("calls-title").textContent = words.calls(calls.length);
  $("calls").replaceChildren(...calls.map((made) => {
    const copy = button(words.copy, async () => { await navigator.clipboard.writeText(asCommand(made)); copy.textContent = words.copied; });
    const answered = JSON.stringify(made.answer, null, 1)?.slice(0, 1500) ?? "";
    return make("li", "", `${made.method} ${made.path} → ${made.status}, ${made.took} ms `, copy, make("pre", "", `${made.body ? JSON.stringify(made.body) : ""}\n${answered}`.trim()));
  }));
}

function showFrame() {
  document.documentElement.lang = state.language;
  $("known-title").textContent = words.known;
  $("person-label").textContent = words.person;
  $("person").replaceChildren(...Object.entries(words.people).map(([id, [name]]) => new Option(name, id, false, id === state.person)));
  $("person-about").textContent = words.people[state.person][1];
  $("basket").textContent = words.basket(state.basket.length);
  $("choices-link").textContent = words.choices;
  $("shelves").replaceChildren(...shelvesOf(state.language).map(([kind, name]) => { const link = make("a", "", name); link.href = `#${kind}`; return link; }));
  $("languages").replaceChildren(...LANGUAGES.map((language) => button(language, async () => { state.language = language; words = wordsOf(language); await show(); }, language === state.language)));
}

/** Draws everything anew, by what is known now. Of two that overlap the later one counts. */
let drawn = 0;
async function show() {
  const turn = (drawn += 1);
  $("page").setAttribute("aria-busy", "true");
  showFrame();
  const place = decodeURIComponent(location.hash.slice(1));
  const [content, person] = await Promise.all([pageOf(place), knownNow()]).catch((error) => [[make("p", "empty", `${words.failed} ${error.message}`)]]);
  if (turn !== drawn) return;
  $("page").replaceChildren(...content);
  if (person) { showKnown(person); showBanner(person); }
  showCalls();
  $("page").setAttribute("aria-busy", "false");
}

addEventListener("hashchange", async () => {
  const place = decodeURIComponent(location.hash.slice(1));
  if (products.has(place)) await lookAt(place).catch(() => undefined);
  await show();
  scrollTo({ top: 0 });
});
$("person").addEventListener("change", async ({ target }) => {
  state.person = target.value;
  state.follows = true;
  forgetVisit();
  location.hash = "#home";
  await show();
});
await show();
