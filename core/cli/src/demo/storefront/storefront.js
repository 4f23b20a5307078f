// The demo's shop: what it knows on the left, what it shows on the right, and the answer that decides between them. Everything that is
// shown comes from the public API; what the page remembers is gone when it is closed.

import { asCommand, call, calls, recommend, tell } from "/api.js";
import { drawProduct } from "/pictures.js";
import { LANGUAGES, priceIn, shelvesOf, wordsOf } from "/words.js";

const visit = { id: crypto.randomUUID(), lines: [] };
const state = { language: navigator.language.startsWith("fr") ? "fr" : "en", person: "", follows: true, basket: [] };
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

/** What a request says of whom it is for. */
function whom() {
  const known = state.person === "" ? {} : { subject_id: state.person };
  const session = state.basket.length > 0 ? { session: { basket: state.basket } } : {};
  return { ...known, session_id: visit.id, locale: state.language, ...session };
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

async function personLines() {
  const record = await call("GET", `/v1/subjects/${state.person}`);
  const lines = record.consents.map(({ name, counts }) => knownLine(counts ? words.agreed(name) : words.refused(name)));
  if (record.objection.active) lines.push(knownLine(words.objects));
  const { birth_date: born, postcode } = record.fields;
  if (born) lines.push(knownLine(words.born(born.value)));
  if (postcode) lines.push(knownLine(words.postcode(postcode.value)));
  if (record.events.length > 0) lines.push(knownLine(words.did(record.events.length)));
  return { lines, agreed: record.consents.some(({ name, counts }) => name === "personalisation" && counts) };
}

const visitLines = () => visit.lines.map(({ id, kept }) => {
  const title = titleOf(products.get(id));
  return kept ? knownLine(words.looked_at(title), words.this_visit) : knownLine(words.looked_at(title), words.not_kept, "aside");
});

async function answer(yes) {
  if (state.person === "") {
    state.follows = yes;
    if (!yes) forgetVisit();
  } else {
    const status = yes ? "granted" : "withdrawn";
    await call("PUT", `/v1/subjects/${state.person}/consents/personalisation`, { status, text_version: "2026-10", source: "storefront" });
  }
  await show();
}

async function showKnown() {
  const person = state.person === "" ? { lines: [], agreed: state.follows } : await personLines();
  const lines = [...visitLines(), ...person.lines];
  $("known").replaceChildren(...(lines.length > 0 ? lines : [knownLine(words.nothing, words.nothing_told, "nothing")]));
  const answers = make("div", "answers", button(words.yes, () => answer(true), person.agreed), button(words.no, () => answer(false), !person.agreed));
  const question = state.person === "" ? words.question : words.question_person;
  const told = state.person === "" ? words.no_told : words.person_told;
  $("choice").replaceChildren(make("legend", "", question), answers, make("p", "", told));
}

// ---- right: lists ---------------------------------------------------------------------------------------------------------------

function card(product, shown = {}) {
  const link = make("a", "", drawProduct(product));
  link.href = `#${product.id}`;
  const text = make("div", "text", make("span", "title", titleOf(product)));
  if (shown.reason) text.append(make("span", "says", shown.reason.text));
  if (shown.sponsored) text.append(make("span", "paid", shown.sponsored.label ?? words.paid));
  text.append(make("span", "price", priceIn(state.language, product.price)));
  link.append(text);
  return make("li", "card", link);
}

/** Which strategies were asked, what became of each, and what it may read. */
async function whyOf(answered) {
  const table = make("dl");
  for (const { name, status, why } of answered.strategies) {
    const strategy = await call("GET", `/v1/strategies/${name}`).catch(() => ({ may_read: [] }));
    const reads = strategy.may_read.map(({ field }) => field).join(", ");
    const became = status === "ran" ? words.ran : `${words.refused_status} (${why ?? status})`;
    table.append(make("dt", "", name), make("dd", "", `${became}; ${words.may_read} ${reads}`));
  }
  return table;
}

async function list(placement, title, more = {}) {
  const answered = await recommend({ placement, ...whom(), ...more });
  const cards = answered.items.filter(({ item_id: id }) => products.has(id)).map((shown) => card(products.get(shown.item_id), shown));
  const why = make("details", "why", make("summary", "", words.why));
  why.addEventListener("toggle", async () => { if (why.open && why.children.length === 1) why.append(await whyOf(answered)); showCalls(); });
  const content = cards.length > 0 ? make("ul", "cards", ...cards) : make("p", "empty", words.no_items);
  return make("section", "list", make("header", "", make("h2", "", title), make("p", "", words[answered.level])), content, why);
}

const shelf = (title, shown) => make("section", "list", make("header", "", make("h2", "", title)), make("ul", "cards", ...shown.map((product) => card(product))));

function productSheet(product) {
  const add = button(words.add, async () => { state.basket = [...new Set([...state.basket, product.id])]; await show(); });
  add.className = "act";
  const text = make("div", "text", make("h1", "", titleOf(product)), make("span", "price", priceIn(state.language, product.price)), add);
  return make("article", "product", drawProduct(product), text);
}

/** The lists of a page; a list that has no heading of its own in the shop is left out. */
async function lists(names, more) {
  const known = new Map((await call("GET", "/v1/placements")).placements.map(({ name, title }) => [name, title?.[state.language]]));
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
  const content = await Promise.all([pageOf(place), showKnown()]).then(([made]) => made, (error) => [make("p", "empty", `${words.failed} ${error.message}`)]);
  if (turn !== drawn) return;
  $("page").replaceChildren(...content);
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
