// The pages of the shop: home, a shelf, a product, the basket.

import { button, link, make } from "/elements.js";
import { showChoices } from "/choices.js";
import { priceOf, productOf, requestFor, showLists, titleLanguage, titleOf } from "/lists.js";
import { drawProduct } from "/pictures.js";
import { state, tell } from "/state.js";
import { priceIn } from "/words.js";

const headOf = (title, told, classes = "soft") => make("div", "head", make("h1", "", title), make("p", classes, told));

const showHome = async () => [
  headOf(state.words.welcome, state.words.welcome_told, "soft wide-only"),
  ...(await showLists([requestFor("home", { limit: 8 }), requestFor("in_demand", { limit: 4 }), requestFor("new_in", { limit: 4 })])),
];

/** A shelf is a list like any other, by the same rules: what is not for sale is not in it, and who pays for a place is named. */
async function showShelf(shelf) {
  const title = state.words.shelves[shelf];
  const lists = await showLists([requestFor("shelf", { filter: shelf })]);
  // its heading is the page's
  for (const list of lists) list.querySelector("h2")?.replaceWith(make("h2", "unseen", title));
  return [make("h1", "", title), ...(lists.length > 0 ? [make("div", "shelf", ...lists)] : [make("p", "empty", state.words.no_items)])];
}

async function showProduct(product) {
  const { words } = state;
  const add = button(words.add, async () => {
    state.basket = [...new Set([...state.basket, product.id])];
    await state.redraw({ announces: true });
  }, { classes: "act" });
  const title = make("h1", "", titleOf(product));
  title.lang = titleLanguage() ?? "";
  if (title.lang === "") title.removeAttribute("lang");
  const sheet = make("article", "product", drawProduct(product), make("div", "text", title, make("span", "price", priceOf(product)), add));
  const about = { context: { page_item: product.id }, limit: 4 };
  return [sheet, ...(await showLists([requestFor("product_page", about), requestFor("also_viewed", about)]))];
}

async function order() {
  const count = state.basket.length;
  const items = await Promise.all(state.basket.map(async (id) => ({ item_id: id, quantity: 1, price: (await productOf(id)).price })));
  state.basket = [];
  await tell({ type: "purchase", items }, () => state.words.ordered(count));
  await state.redraw({ said: state.words.thanks });
}

async function showBasket() {
  const { words } = state;
  const bought = await Promise.all(state.basket.map(productOf));
  if (bought.length === 0) return [headOf(words.basket_title, words.basket_empty), ...(await showLists([requestFor("in_demand", { limit: 4 })]))];
  const remove = (product) => button(words.remove, async () => { state.basket = state.basket.filter((id) => id !== product.id); await state.redraw(); }, { classes: "small" });
  const name = (product) => { const title = link(`#/${product.id}`, titleOf(product)); if (titleLanguage()) title.lang = titleLanguage(); return title; };
  const rows = bought.map((product) => make("tr", "", make("td", "", name(product)), make("td", "", remove(product)), make("td", "", priceOf(product))));
  const sum = priceIn(state.language, bought.reduce((all, { price }) => all + Number(price), 0));
  const total = make("tr", "", make("td", "", words.total), make("td"), make("td", "", make("strong", "", sum)));
  const box = make("section", "sheet-box", make("table", "kept", make("tbody", "", ...rows, total)));
  box.append(make("p", "", button(words.order, order, { classes: "act" })), make("small", "", words.order_told));
  return [make("h1", "", words.basket_title), box, ...(await showLists([requestFor("basket")]))];
}

/** Whether a place is that of a product. */
export const isProduct = (place) => !["", "basket", "choices", ...Object.keys(state.words.shelves)].includes(place);

/** What stands at a place; a place is the id of a product, the name of a shelf, or a page's own. */
export async function pageAt(place) {
  if (place === "") return showHome();
  if (place === "basket") return showBasket();
  if (place === "choices") return showChoices();
  if (!isProduct(place)) return showShelf(place);
  const product = await productOf(place);
  return product ? showProduct(product) : [headOf(state.words.not_found, ""), make("p", "", link("#/", state.words.to_start))];
}
