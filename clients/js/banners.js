// Answers from the banner that a shop has already. Each is listened to by the events and the state that its documentation names.

// `tell` takes answers by the banner's own names, and whether they were given just now
const BANNERS = {
  didomi(page, tell) {
    const told = (isNew) => {
      const { purposes = {}, vendors = {} } = page.Didomi.getCurrentUserStatus();
      tell(Object.fromEntries(Object.entries({ ...purposes, ...vendors }).map(([name, { enabled }]) => [name, enabled])), isNew);
    };
    (page.didomiOnReady ??= []).push((didomi) => { if (!didomi.shouldUserStatusBeCollected()) told(false); });
    (page.didomiEventListeners ??= []).push({ event: "consent.changed", listener: () => told(true) });
  },
  axeptio(page, tell) {
    (page._axcb ??= []).push((sdk) => {
      let [last, saved] = [{}, false];
      sdk.on("cookies:complete", (choices) => { last = choices; tell(choices, saved); });
      sdk.on("consent:saved", () => { saved = true; tell(last, true); });
    });
  },
  onetrust(page, tell, names) {
    const groups = (on) => Object.fromEntries(names.map((name) => [name, on.includes(name)]));
    page.addEventListener("OneTrustGroupsUpdated", ({ detail }) => { if (page.OneTrust.IsAlertBoxClosed()) tell(groups(detail), false); });
    page.addEventListener("OTConsentApplied", () => tell(groups(page.OnetrustActiveGroups.split(",")), true));
  },
  usercentrics(page, tell) {
    let first;
    const told = async () => {
      const { consent, services } = await page.__ucCmp.getConsentDetails();
      first ??= consent.updatedAt;
      const given = Object.entries(services).flatMap(([id, { name, consent: answer }]) => [[id, answer?.given], [name, answer?.given]]);
      if (consent.type === "EXPLICIT") tell(Object.fromEntries(given), consent.updatedAt !== first);
    };
    for (const event of ["UC_UI_INITIALIZED", "UC_CONSENT"]) page.addEventListener(event, told);
  },
  cookiebot(page, tell) {
    let asked = false;
    page.addEventListener("CookiebotOnDialogDisplay", () => { asked = true; });
    for (const event of ["CookiebotOnConsentReady", "CookiebotOnAccept", "CookiebotOnDecline"]) {
      page.addEventListener(event, () => { if (page.Cookiebot.hasResponse) tell(page.Cookiebot.consent, asked); });
    }
  },
  tarteaucitron({ document }, tell, names) {
    let asked = false;
    for (const event of ["tac.open_alert", "tac.open_panel"]) document.addEventListener(event, () => { asked = true; });
    for (const name of names) {
      document.addEventListener(`${name}_allowed`, () => tell({ [name]: true }, asked));
      document.addEventListener(`${name}_disallowed`, () => tell({ [name]: false }, asked));
    }
  },
  klaro(page, tell) {
    const watch = () => {
      const manager = page.klaro.getManager();
      if (manager.confirmed) tell(manager.consents, false);
      manager.watch({ update: (_, event) => { if (event === "saveConsents") tell(manager.consents, true); } });
    };
    if (page.klaro) watch();
    else page.addEventListener("load", watch);
  },
};

export const BANNER_NAMES = Object.keys(BANNERS);

/** Records what people answer in a banner; what it remembers only narrows, as somebody else may have said it on the same device. */
export function followBanner(jardin, banner, { questions, textVersion, onProblem = () => {}, page = globalThis }) {
  const listen = BANNERS[banner];
  if (!listen) throw new Error(`\`${banner}\` is not one of ${BANNER_NAMES.join(", ")}`);
  const recorded = new Map();
  const settle = async (question, yes, isNew) => {
    if (!yes) jardin.refuse(question);
    if (!isNew || recorded.get(question) === yes) return;
    const last = yes ? undefined : await jardin.lastAnswer(question).catch(() => undefined);
    await jardin.answerConsent(question, yes ? "granted" : last?.status === "granted" ? "withdrawn" : "refused", textVersion, banner);
    recorded.set(question, yes);
  };
  let turn = Promise.resolve();
  const tell = (answers, isNew) => {
    for (const [question, name] of Object.entries(questions)) {
      const yes = answers[name];
      if (typeof yes === "boolean") turn = turn.then(() => settle(question, yes, isNew)).catch(onProblem);
    }
  };
  listen(page, tell, Object.values(questions));
}
