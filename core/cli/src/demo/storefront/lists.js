// Lists: what is asked for, how it is shown, and why it is as it is.

import { read } from "/api.js";
import { make } from "/elements.js";
import { renderList } from "/jardin.js";
import { drawProduct } from "/pictures.js";
import { isFollowed, state } from "/state.js";
import { priceIn, spokenBy } from "/words.js";

const SHOWN = ["title_en", "title_fr", "price", "category"];
/** What the page has seen of products, by their ids. */
const products = new Map();

export const titleOf = (product) => (state.language === "fr" ? product.title_fr : product.title_en);
/** The language of a title, where it is not the page's. */
export const titleLanguage = () => (spokenBy(state.language) === state.language ? undefined : spokenBy(state.language));
export const priceOf = (product) => priceIn(state.language, product.price);

/** A product; `undefined` where the shop has none of that id. */
export async function productOf(id) {
  if (!products.has(id)) {
    const item = await read(`/v1/items/${encodeURIComponent(id)}?show=${SHOWN.join(",")}`);
    if (item) products.set(id, { id, ...item.fields });
  }
  return products.get(id);
}

/** What a page asks for a place. The basket is told only where the visit may be followed. */
export const requestFor = (placement, more = {}) => ({
  placement, locale: spokenBy(state.language), show: SHOWN, ...(state.basket.length > 0 && isFollowed() && { session: { basket: state.basket } }), ...more,
});

/** The lists of a page, asked for at once; those that have nothing to show are left out. */
export async function showLists(requests) {
  const answered = await state.jardin.recommendAll(requests);
  const failed = answered.find(({ problem }) => problem);
  if (failed) return [make("p", "empty", `${state.words.failed} ${failed.problem.message}`)];
  return answered.flatMap((list, n) => listOf(list, state.words.headings[requests[n].placement] ?? list.title) ?? []);
}

/** Reasons and labels in the page's language, where the shop does not speak it. */
function translated(item) {
  const { reasons, paid } = state.words;
  const reason = item.reason && { ...item.reason, text: reasons[item.reason.code] ?? item.reason.text };
  const sponsored = item.sponsored && { ...item.sponsored, label: paid?.(item.sponsored.advertiser) ?? item.sponsored.label };
  return { ...item, reason, sponsored };
}

/** A list under its heading with why it is as it is; nothing where it is empty. */
export function listOf(list, title) {
  for (const { item_id: id, fields } of list.items) products.set(id, { id, ...fields });
  const describe = ({ item_id: id }) => {
    const product = products.get(id);
    return { title: titleOf(product), lang: titleLanguage(), href: `#/${id}`, price: priceOf(product), picture: drawProduct(product) };
  };
  const place = make("div", "list");
  renderList(place, { items: list.items.map(translated) }, { title, describe, onSelect: (item) => { if (isFollowed()) state.jardin.select(list, item); } });
  if (place.children.length === 0) return undefined;
  place.querySelector("h2").after(whyOf(list, title));
  return place;
}

/** A summary that is opened: on whom the list depends, which strategies were asked, what became of each, and what it may read. */
function whyOf(list, title) {
  const { words } = state;
  const summary = make("summary", "", make("span", "level", words[list.level]), words.why);
  summary.append(make("span", "unseen", ` ${title}`));
  const why = make("details", "why", summary);
  why.addEventListener("toggle", async () => { if (why.open && why.children.length === 1) why.append(await strategiesOf(list, words)); });
  return why;
}

async function strategiesOf(list, words) {
  const table = make("dl");
  for (const { name, status, why } of list.strategies) {
    const strategy = await read(`/v1/strategies/${name}`);
    const reads = strategy.may_read.map(({ field, as }) => (as === "exact" ? field : `${field} (${as})`)).join(", ");
    const became = status === "ran" ? words.ran : `${words.refused_status} (${words.whys[why] ?? why ?? status})`;
    const told = make("p", "", words.purposes[strategy.purpose] ?? strategy.purpose);
    table.append(make("dt", "", name), make("dd", "", told, make("small", "", `${became}; ${words.may_read} ${reads || words.may_read_nothing}`)));
  }
  return table;
}
