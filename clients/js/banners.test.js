// Each banner is stood in for by what its documentation says of it: the events, and the state that can be read when they come.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BANNER_NAMES, followBanner } from "./banners.js";

/** A window with a document, whose events are told by name. */
function makePage() {
  const page = new EventTarget();
  page.document = new EventTarget();
  page.tell = (name, detail) => page.dispatchEvent(Object.assign(new Event(name), { detail }));
  return page;
}

/** What a shop would have recorded: the answers that stand, and each that was made. */
function makeClient(answers = {}) {
  const client = { made: [], refused: [] };
  client.lastAnswer = async (name) => answers[name] && { status: answers[name] };
  client.refuse = (name) => client.refused.push(name);
  client.answerConsent = async (name, status, version, source) => { answers[name] = status; client.made.push([name, status, version, source]); };
  return client;
}

const settled = () => new Promise((turn) => setImmediate(turn));

/**
 * How somebody acts in each banner: `load` opens a page on which `remembered` was said on another day (nothing where it is `undefined`),
 * `say` answers now.
 */
const ACTS = {
  didomi: (page) => {
    let yes;
    return {
      async load(remembered) {
        yes = remembered;
        page.Didomi = {
          getCurrentUserStatus: () => ({ purposes: { comfort: { id: "comfort", enabled: yes === true } }, vendors: {} }),
          shouldUserStatusBeCollected: () => yes === undefined,
        };
        page.didomiOnReady.forEach((ready) => ready(page.Didomi));
      },
      async say(now) { yes = now; page.didomiEventListeners.forEach(({ event, listener }) => event === "consent.changed" && listener({})); },
    };
  },
  axeptio: (page) => {
    const heard = {};
    const tell = (name, payload) => (heard[name] ?? []).forEach((act) => act(payload));
    return {
      async load(remembered) {
        page._axcb.forEach((act) => act({ on: (name, listen) => (heard[name] ??= []).push(listen) }));
        if (remembered !== undefined) tell("cookies:complete", { comfort: remembered });
      },
      async say(now) { tell("cookies:complete", { comfort: now }); tell("consent:saved", {}); },
    };
  },
  onetrust: (page) => {
    let closed = false;
    page.OneTrust = { IsAlertBoxClosed: () => closed };
    const groups = (yes) => (yes ? ["C0001", "comfort"] : ["C0001"]);
    return {
      async load(remembered) { closed = remembered !== undefined; page.tell("OneTrustGroupsUpdated", groups(remembered)); },
      async say(now) {
        closed = true;
        page.OnetrustActiveGroups = `,${groups(now).join(",")},`;
        page.tell("OneTrustGroupsUpdated", groups(now));
        page.tell("OTConsentApplied");
      },
    };
  },
  usercentrics: (page) => {
    let details;
    page.__ucCmp = { getConsentDetails: async () => details };
    const set = (type, updatedAt, given) => { details = { consent: { type, updatedAt }, services: { x1: { name: "comfort", consent: { given } } } }; };
    let at = 1;
    return {
      async load(remembered) { set(remembered === undefined ? "IMPLICIT" : "EXPLICIT", at, remembered === true); page.tell("UC_UI_INITIALIZED"); await settled(); },
      async say(now) { set("EXPLICIT", (at += 1), now); page.tell("UC_CONSENT"); await settled(); },
    };
  },
  cookiebot: (page) => ({
    async load(remembered) {
      page.Cookiebot = { hasResponse: remembered !== undefined, consent: { comfort: remembered === true } };
      if (remembered === undefined) return;
      page.tell("CookiebotOnConsentReady");
      page.tell(remembered ? "CookiebotOnAccept" : "CookiebotOnDecline");
    },
    async say(now) {
      page.tell("CookiebotOnDialogDisplay");
      page.Cookiebot = { hasResponse: true, consent: { comfort: now } };
      page.tell("CookiebotOnConsentReady");
      page.tell(now ? "CookiebotOnAccept" : "CookiebotOnDecline");
    },
  }),
  tarteaucitron: ({ document }) => {
    const tell = (yes) => document.dispatchEvent(new Event(`comfort_${yes ? "allowed" : "disallowed"}`));
    return {
      async load(remembered) { if (remembered !== undefined) tell(remembered); },
      async say(now) { document.dispatchEvent(new Event("tac.open_panel")); tell(now); },
    };
  },
  klaro: (page) => {
    const watchers = [];
    const manager = { confirmed: false, consents: { comfort: false }, watch: (watcher) => watchers.push(watcher) };
    return {
      async load(remembered) {
        manager.confirmed = remembered !== undefined;
        manager.consents = { comfort: remembered === true };
        page.klaro = { getManager: () => manager };
        page.tell("load");
      },
      async say(now) {
        manager.consents = { comfort: now };
        // a switch that is moved is no answer yet
        watchers.forEach((watcher) => watcher.update(manager, "consents", manager.consents));
        manager.confirmed = true;
        watchers.forEach((watcher) => watcher.update(manager, "saveConsents", { consents: manager.consents }));
      },
    };
  },
};

const follow = (client, banner, page, more) => followBanner(client, banner, { questions: { personalisation: "comfort" }, textVersion: "2026-10", page, ...more });

test("every banner has somebody who acts in it", () => assert.deepEqual(Object.keys(ACTS), BANNER_NAMES));

for (const banner of BANNER_NAMES) {
  test(`${banner}: what is said now is recorded once; a no after a yes takes it back`, async () => {
    const [page, client] = [makePage(), makeClient()];
    follow(client, banner, page);
    const person = ACTS[banner](page);
    await person.load();
    await settled();
    assert.deepEqual([client.made, client.refused], [[], []], "nothing was said yet");
    for (const yes of [true, false]) {
      await person.say(yes);
      await settled();
    }
    assert.deepEqual(client.made, [["personalisation", "granted", "2026-10", banner], ["personalisation", "withdrawn", "2026-10", banner]]);
  });

  test(`${banner}: a first no is a refusal`, async () => {
    const [page, client] = [makePage(), makeClient()];
    follow(client, banner, page);
    const person = ACTS[banner](page);
    await person.load();
    await person.say(false);
    await settled();
    assert.deepEqual(client.made, [["personalisation", "refused", "2026-10", banner]]);
    assert.ok(client.refused.includes("personalisation"));
  });

  test(`${banner}: what it remembers is recorded for nobody, and a no of it narrows the page`, async () => {
    for (const [remembered, refused] of [[true, []], [false, ["personalisation"]]]) {
      const [page, client] = [makePage(), makeClient({ personalisation: "granted" })];
      follow(client, banner, page);
      await ACTS[banner](page).load(remembered);
      await settled();
      assert.deepEqual([client.made, [...new Set(client.refused)]], [[], refused]);
    }
  });
}

test("an answer that cannot be recorded is told, and the page obeys the no", async () => {
  const [page, client, told] = [makePage(), makeClient(), []];
  client.lastAnswer = async () => { throw new Error("not read"); };
  client.answerConsent = async () => { throw new Error("not taken"); };
  follow(client, "cookiebot", page, { onProblem: ({ message }) => told.push(message) });
  const person = ACTS.cookiebot(page);
  await person.load();
  await person.say(false);
  await settled();
  assert.ok(told.length > 0 && told.every((message) => message === "not taken"));
  assert.ok(client.refused.includes("personalisation"));
});

test("answers to what the policy does not ask are left alone, and a banner that is not known is named", async () => {
  const [page, client] = [makePage(), makeClient()];
  follow(client, "cookiebot", page, { questions: { personalisation: "preferences" } });
  const person = ACTS.cookiebot(page);
  await person.load();
  await person.say(true);
  await settled();
  assert.deepEqual(client.made, []);
  assert.throws(() => follow(client, "cookiebit", page), /`cookiebit` is not one of didomi, /);
});
