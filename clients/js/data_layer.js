// Events from a page that already pushes GA4's to `dataLayer`, by Tag Manager's objects or gtag's arguments.

const TYPES = new Set([
  "view_item", "view_item_list", "select_item", "add_to_cart", "remove_from_cart", "add_to_wishlist", "begin_checkout", "purchase", "refund", "search",
]);

/** An amount as Jardin takes it: plain decimals, a point, two places at most. */
const amountOf = (value) => {
  const number = typeof value === "string" ? Number(value) : value;
  return Number.isFinite(number) && number >= 0 ? number.toFixed(2) : undefined;
};

const itemOf = ({ item_id: id, quantity, price }) => ({
  item_id: String(id),
  ...(Number.isInteger(quantity) && quantity > 0 && { quantity }),
  ...(amountOf(price) !== undefined && { price: amountOf(price) }),
});

/** One push as an event of Jardin's, or nothing where it is none. */
export function eventOf(pushed) {
  const named = pushed?.event !== undefined;
  const isCall = !named && pushed?.[0] === "event";
  const type = named ? pushed.event : isCall ? pushed[1] : undefined;
  if (!TYPES.has(type)) return undefined;
  const told = (named ? pushed.ecommerce ?? pushed : pushed[2]) ?? {};
  const items = (told.items ?? []).filter(({ item_id: id }) => id !== undefined && id !== null && id !== "").map(itemOf);
  if (items.length === 0 && type !== "search") return undefined;
  // a purchase that is pushed again when its page is loaded again keeps its id, and counts once
  const order = told.transaction_id;
  const id = type === "purchase" && order !== undefined && order !== "" ? { event_id: `purchase-${order}` } : {};
  return { type, ...id, ...(items.length > 0 && { items }) };
}

/** Records what `dataLayer` holds and what is pushed from now on; gives a function that ends it. */
export function fromDataLayer(jardin, dataLayer = (globalThis.dataLayer ??= [])) {
  const record = (pushed) => {
    const event = eventOf(pushed);
    if (event) jardin.record(event);
  };
  dataLayer.forEach(record);
  const push = dataLayer.push;
  dataLayer.push = function (...all) {
    all.forEach(record);
    return push.apply(this, all);
  };
  return () => { dataLayer.push = push; };
}
