// Your data and your choices: what a yes changes, every answer, and what is kept.

import { answers, button, make, question, textOf } from "/elements.js";
import { answerSwitch, readPerson, storeAnswer } from "/known.js";
import { listOf, requestFor } from "/lists.js";
import { nobody, state } from "/state.js";
import { dayIn } from "/words.js";

/** How many products of the home list stand in each row. */
const COMPARED = 3;

export async function showChoices() {
  const person = await readPerson();
  const { words } = state;
  return [make("h1", "", words.choices), await difference(person), answered(person), kept(person)];
}

/** Three products of the home list with a yes, and the same without it. */
async function difference(person) {
  const { words } = state;
  const { placement, ...request } = requestFor("home", { limit: COMPARED });
  const asked = (client, more) => client.recommend(placement, { ...request, ...more });
  const without = state.person === "" ? await asked(nobody, { session: undefined }) : await asked(state.jardin, { consent: { personalisation: false } });
  const told = person.child || person.objects ? words.never : words.yes_first;
  const withYes = person.agreed ? await asked(state.jardin) : undefined;
  const ids = (list) => list?.items.map(({ item_id: id }) => id).join();
  const first = withYes ? listOf(withYes, words.with_yes) : make("div", "list", make("h2", "", words.with_yes), make("p", "empty", told));
  const rows = make("div", "pair", first ?? "", listOf(without, words.without) ?? "");
  const note = ids(withYes) === ids(without) ? [make("p", "empty", words.same)] : [];
  return make("section", "head", make("h2", "unseen", words.difference), rows, ...note);
}

/** Every question with the answer that holds, and the objection to all of it. */
function answered({ consents, child, objects, objectsSince, agreed }) {
  const { words, language } = state;
  const box = make("section", "sheet-box", make("h2", "", words.your_answers));
  if (state.person === "") box.append(question(words.question, words.no_told, answers(words.no, words.yes, answerSwitch, agreed)));
  else if (child) box.append(make("p", "", words.child_told));
  else {
    for (const asked of state.questions) {
      const { name } = asked;
      const last = consents.find((consent) => consent.name === name);
      const told = last ? words.state[last.status](dayIn(language, last.at)) : words.state.none;
      const choose = async (yes) => {
        await storeAnswer(name, yes ? "granted" : last?.status === "granted" ? "withdrawn" : "refused");
        await state.redraw({ announces: true });
      };
      box.append(question(textOf(asked), told, answers(words.no, words.yes, choose, last && last.status === "granted")));
    }
    const object = async (active) => { await state.jardin.object(active); await state.redraw({ announces: true }); };
    box.append(question(words.object, objects ? words.object_state(dayIn(language, objectsSince)) : "", answers(words.no, words.yes, object, objects)));
  }
  return box;
}

/** What is stored, in a table, to be read and taken along. */
function kept({ record, fields, events }) {
  const { words, language } = state;
  const box = make("section", "sheet-box", make("h2", "", words.kept_title));
  if (!record) { box.append(make("p", "", words.kept_none)); return box; }
  const since = (times) => words.kept_since(dayIn(language, times.sort()[0]));
  const given = Object.entries(fields).map(([name, { value, stored_at: at }]) => [words.kept[name] ?? name, value, since([at])]);
  const done = Object.entries(Object.groupBy(events, ({ type }) => type)).map(([type, of]) => [words.kept[type] ?? type, of.length, since(of.map(({ occurred_at: at }) => at))]);
  const row = ([name, ...cells]) => {
    const head = make("th", "", name);
    head.scope = "row";
    return make("tr", "", head, ...cells.map((cell) => make("td", "", String(cell))));
  };
  box.append(make("table", "kept", make("tbody", "", ...[...given, ...done].map(row))), make("p", "", button(words.take_along, () => saveAs(`${state.person}.json`, record), { classes: "act" })));
  return box;
}

function saveAs(name, content) {
  const file = document.createElement("a");
  file.href = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: "application/json" }));
  file.download = name;
  file.click();
  URL.revokeObjectURL(file.href);
}
