// The demo's shop: what it knows on the left, what it shows on the right, and between them the switch that decides. Everything that is
// shown comes from the public API.

import { asCommand, calls } from "/api.js";
import { $, button, keepFocus, link, make } from "/elements.js";
import { readPerson, showKnown } from "/known.js";
import { productOf, titleOf } from "/lists.js";
import { isProduct, pageAt } from "/pages.js";
import { beginVisit, speak, state, tell } from "/state.js";
import { LANGUAGES } from "/words.js";

/** How much of an answer is shown below its call. */
const SHOWN_CHARACTERS = 1_500;

const place = () => decodeURIComponent(location.hash.replace(/^#\/?/, ""));

function showCalls() {
  const { words } = state;
  $("calls-title").textContent = words.calls(calls.length);
  $("calls").replaceChildren(...calls.map((made) => {
    const copy = button(words.copy, async () => { await navigator.clipboard.writeText(asCommand(made)); copy.textContent = words.copied; }, { classes: "small" });
    const answered = JSON.stringify(made.answer, null, 1).slice(0, SHOWN_CHARACTERS);
    return make("li", "", `${made.method} ${made.path} → ${made.status}, ${made.took} ms `, copy, make("pre", "", `${made.body ?? ""}\n${answered}`.trim()));
  }));
}

function showShelves() {
  $("shelves").setAttribute("aria-label", state.words.shelves_label);
  $("shelves").replaceChildren(...Object.entries(state.words.shelves).map(([shelf, name]) => {
    const to = link(`#/${shelf}`, name);
    if (place() === shelf) to.setAttribute("aria-current", "page");
    return to;
  }));
}

function showFrame() {
  const { words } = state;
  document.documentElement.lang = state.language;
  const texts = {
    skip: words.skip, "language-label": words.language, "known-title": words.known, "person-label": words.person, "choices-link": words.choices, "choices-foot": words.choices,
    "made-up": words.made_up, "style-link": words.style, "docs-link": words.docs, "person-about": words.people[state.person][1], basket: words.basket(state.basket.length),
  };
  for (const [id, text] of Object.entries(texts)) $(id).textContent = text;
  $("person").replaceChildren(...Object.entries(words.people).map(([id, [name]]) => new Option(name, id, false, id === state.person)));
  $("language").replaceChildren(...Object.entries(LANGUAGES).map(([id, name]) => Object.assign(new Option(name, id, false, id === state.language), { lang: id })));
  showShelves();
}

/** Of two draws that overlap the later one counts. */
let drawn = 0;

state.redraw = async ({ announces = false, said } = {}) => {
  const turn = (drawn += 1);
  const page = $("page");
  const focusAgain = keepFocus();
  page.setAttribute("aria-busy", "true");
  showFrame();
  const titles = Promise.all(state.basket.map(async (id) => titleOf(await productOf(id))));
  const [content, person, inBasket] = await Promise.all([pageAt(place()), readPerson(), titles])
    .catch((error) => [[make("p", "empty", `${state.words.failed} ${error.message}`)]]);
  if (turn !== drawn) return;
  page.replaceChildren(...content);
  if (person) showKnown(person, inBasket);
  showCalls();
  document.title = [page.querySelector("h1")?.textContent, "La Draille"].filter(Boolean).join(" – ");
  const level = page.querySelector(".level")?.textContent;
  if (said ?? (announces && level)) $("said").textContent = said ?? state.words.now_shown(level);
  focusAgain();
  // the first time all at once, so that nothing moves
  $("shop").hidden = false;
  page.setAttribute("aria-busy", "false");
};

addEventListener("hashchange", async () => {
  const product = isProduct(place()) ? await productOf(place()).catch(() => undefined) : undefined;
  if (product) await tell({ type: "view_item", items: [{ item_id: product.id }] }, () => state.words.looked_at(titleOf(product)));
  await state.redraw();
  scrollTo({ top: 0, behavior: "instant" });
  // a reader of the page begins at its heading
  const heading = $("page").querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
});
$("skip").addEventListener("click", (event) => { event.preventDefault(); $("page").focus(); });
$("page").addEventListener("toggle", showCalls, true);
$("language").addEventListener("change", async ({ target }) => { await speak(target.value); await state.redraw(); });
$("person").addEventListener("change", async ({ target }) => {
  state.person = target.value;
  state.follows = true;
  state.basket = [];
  beginVisit();
  if (place() === "" || place() === "choices") await state.redraw({ announces: true });
  else location.hash = "#/";
});

beginVisit();
await speak(state.language);
await state.redraw();
