// The page of the stylesheet: its names with their values, as the browser has them now, and a card of a list.

import { renderList } from "/jardin.js";
import { drawProduct } from "/pictures.js";

const sheet = [...document.styleSheets].find(({ href }) => href?.endsWith("/storefront.css"));
const root = [...sheet.cssRules].find(({ selectorText }) => selectorText === ":root").style;

function showName(name) {
  const value = root.getPropertyValue(name).trim();
  const shown = document.createElement("span");
  shown.className = "swatch";
  const isColour = CSS.supports("color", value);
  shown.style.setProperty(isColour ? "background" : "inline-size", isColour ? `var(${name})` : `min(100%, var(${name}))`);
  const entry = document.createElement("div");
  const [term, says] = ["code", "small"].map((kind) => document.createElement(kind));
  [term.textContent, says.textContent] = [name, value];
  entry.append(shown, term, says);
  return entry;
}

document.getElementById("names").append(...[...root].filter((name) => name.startsWith("--")).map(showName));
const item = { item_id: "TEN-103", reason: { text: "Why it is here" }, sponsored: { label: "Sponsored by somebody" } };
renderList(document.getElementById("card"), { items: [item] }, {
  title: "A list", describe: () => ({ title: "A tent", href: "/", price: "€209.00", picture: drawProduct({ id: "TEN-103", category: "tents" }) }),
});
