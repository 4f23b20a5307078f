// Elements of the page. Texts are never read as markup.

export const $ = (id) => document.getElementById(id);

/** An element with classes and children. */
export function make(name, classes = "", ...children) {
  const element = document.createElement(name);
  if (classes !== "") element.className = classes;
  element.append(...children);
  return element;
}

export function link(href, text, classes) {
  const element = make("a", classes, text);
  element.href = href;
  return element;
}

/** A button; one that is a choice says whether it is the one that holds. */
export function button(text, act, { classes = "", pressed } = {}) {
  const element = make("button", classes, text);
  element.type = "button";
  if (pressed !== undefined) element.setAttribute("aria-pressed", String(pressed));
  element.addEventListener("click", act);
  return element;
}

/** A no and a yes side by side, of one size and one look. `holds` says which of them was chosen, where one was. */
export function answers(no, yes, choose, holds) {
  const pressed = (which) => (holds === undefined ? undefined : holds === which);
  const buttons = [[no, false], [yes, true]].map(([text, which]) => button(text, () => choose(which), { classes: "answer", pressed: pressed(which) }));
  return make("div", "answers", ...buttons);
}

/** A question of the policy, in its own text and language: a yes to another text would count for nothing. */
export function textOf({ text, lang }) {
  const asked = make("span", "", text);
  if (lang !== document.documentElement.lang) asked.lang = lang;
  return asked;
}

let named = 0;

/** A question with its answers, which are read together. */
export function question(text, told, buttons) {
  const asked = make("p", "", text);
  asked.id = `question-${(named += 1)}`;
  buttons.setAttribute("role", "group");
  buttons.setAttribute("aria-labelledby", asked.id);
  return make("div", "question", make("div", "", asked, make("small", "", told)), buttons);
}

const FOCUSED = "a, button, summary";
const DRAWN = ["page", "choice", "banner", "shelves", "calls"];

/** Remembers where the keyboard is in what is drawn anew, and gives a function that goes back there. */
export function keepFocus() {
  const focused = document.activeElement;
  const drawn = DRAWN.map($).find((part) => part !== focused && part.contains(focused));
  if (!drawn) return () => {};
  const nth = [...drawn.querySelectorAll(FOCUSED)].indexOf(focused);
  return () => (drawn.querySelectorAll(FOCUSED)[nth] ?? $("page")).focus({ preventScroll: true });
}
