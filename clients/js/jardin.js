// The client for a shop's pages: asks for lists, tells of events and answers, and can show a list. It keeps nothing on the device: no
// cookie, no storage; what it knows is gone with the page. docs/client.md says what it does and when.

const EVENTS_A_BATCH = 50;
const EVENTS_WAITING = 500;
const BATCH_WAITS_MS = 2_000;
const RETRY_MS = 1_000;
const RETRY_MS_AT_MOST = 60_000;
/** Browsers keep at most 64 KiB of bodies of a page that is left. */
const BEACON_BYTES = 60_000;

const emptyList = (problem) => ({ items: [], personalised: false, level: "popular", warnings: [], shortfall: 0, problem });

export class CallFailed extends Error {
  constructor(status, problem, retryAfterMs = 0) {
    super(problem?.detail ?? `the call was answered with ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  get passes() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Lists and events of one page. */
export class Jardin {
  #options;
  #token;
  #waiting = [];
  #timer;
  #sending = false;
  #failures = 0;
  #retryAfterMs = 0;
  // what this page heard a no to goes with every list that it asks for
  #refused = new Set();
  #objected = false;

  constructor({
    url = "", token, visit = {}, locale, patienceMs = 1_000, onProblem = () => {}, fetch = (...call) => globalThis.fetch(...call), page = globalThis.document,
  } = {}) {
    this.#options = { url, token, visit, locale, patienceMs, onProblem, fetch };
    page?.addEventListener("visibilitychange", () => { if (page.visibilityState === "hidden") this.leave(); });
    globalThis.addEventListener?.("pagehide", () => this.leave());
  }

  async recommend(placement, request = {}) {
    return this.#listsOf("/v1/recommendations", this.#requestOf({ placement, ...request }), (list) => list, emptyList);
  }

  async recommendAll(requests) {
    const asked = { distinct: true, requests: requests.map((request) => this.#requestOf(request)) };
    return this.#listsOf("/v1/recommendations/batch", asked, ({ answers }) => answers, (problem) => requests.map(() => emptyList(problem)));
  }

  #requestOf(request) {
    const { visit, locale, token } = this.#options;
    const refused = Object.fromEntries([...this.#refused].map((name) => [name, false]));
    return {
      ...(locale && { locale }), ...(token ? {} : visit), ...request,
      ...(this.#refused.size > 0 && { consent: { ...request.consent, ...refused } }), ...(this.#objected && { objected: true }),
    };
  }

  async #listsOf(path, body, taken, otherwise) {
    try {
      return taken(await this.#call("POST", path, body, this.#options.patienceMs));
    } catch (failure) {
      this.#options.onProblem(failure);
      return otherwise(failure);
    }
  }

  record(event) {
    const whom = this.#options.token ? {} : this.#options.visit;
    this.#waiting.push({ event_id: crypto.randomUUID(), occurred_at: new Date().toISOString(), ...whom, ...event });
    // the oldest goes: what a page did last says most about what it needs next
    if (this.#waiting.length > EVENTS_WAITING) this.#waiting.shift();
    if (this.#waiting.length >= EVENTS_A_BATCH) void this.flush();
    else this.#flushLater(BATCH_WAITS_MS);
  }

  select(list, item) {
    this.record({ type: "select_item", recommendation_id: list.recommendation_id, items: [{ item_id: item.item_id }] });
  }

  async questions(locale = this.#options.locale) {
    return (await this.#call("GET", `/v1/consents${locale ? `?locale=${encodeURIComponent(locale)}` : ""}`)).consents;
  }

  async answerConsent(name, status, textVersion, source = "page") {
    if (status === "granted") this.#refused.delete(name);
    else this.refuse(name);
    await this.#call("PUT", this.#consent(name), { status, text_version: textVersion, source });
  }

  refuse(name) {
    this.#refused.add(name);
  }

  async lastAnswer(name) {
    return this.#call("GET", this.#consent(name)).catch((failure) => { if (failure.status !== 404) throw failure; });
  }

  async object(active = true) {
    this.#objected = active;
    await this.#call("PUT", `${this.#person}/objection`, { active });
  }

  #consent(name) {
    return `${this.#person}/consents/${encodeURIComponent(name)}`;
  }

  /** A page does not know whom its token names; the server does. */
  get #person() {
    return `/v1/subjects/${this.#options.token ? "me" : encodeURIComponent(this.#options.visit.subject_id)}`;
  }

  // a batch that fails for a while is sent again; every event has an id, so that none counts twice
  async flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending || this.#waiting.length === 0) return;
    this.#sending = true;
    const batch = this.#waiting.slice(0, EVENTS_A_BATCH);
    let receipt;
    try {
      receipt = await this.#call("POST", "/v1/events", { events: batch });
      for (const { detail, problem } of receipt?.rejected ?? []) this.#options.onProblem(new Error(detail ?? problem));
      this.#sent(batch);
    } catch (failure) {
      // so does one for which no token could be had
      if (failure.passes ?? true) this.#failures += 1;
      else { this.#options.onProblem(failure); this.#sent(batch); }
      this.#retryAfterMs = failure.retryAfterMs ?? 0;
    } finally {
      this.#sending = false;
    }
    if (this.#waiting.length > 0) this.#flushLater(this.#failures > 0 ? this.#pause() : 0);
    return receipt;
  }

  #sent(batch) {
    const gone = new Set(batch);
    this.#waiting = this.#waiting.filter((event) => !gone.has(event));
    this.#failures = 0;
  }

  /** Longer after each failure, and as long as the server asks for. */
  #pause() {
    return Math.max(this.#retryAfterMs, Math.min(RETRY_MS * 2 ** (this.#failures - 1), RETRY_MS_AT_MOST));
  }

  #flushLater(ms) {
    this.#timer ??= setTimeout(() => { this.#timer = undefined; void this.flush(); }, ms);
  }

  /** Hands what waits to the browser, which sends it when the page is gone. What it does not take waits on. */
  leave() {
    const token = this.#token;
    // with a token the body is plain text and carries it: a beacon has no headers, and plain text needs no question before
    const type = token ? "text/plain" : "application/json";
    while (this.#waiting.length > 0) {
      const batch = this.#waitingUpTo(BEACON_BYTES);
      const body = JSON.stringify({ ...(token && { token }), events: batch });
      if (!globalThis.navigator?.sendBeacon?.(`${this.#options.url}/v1/events`, new Blob([body], { type }))) return;
      this.#sent(batch);
    }
  }

  #waitingUpTo(bytes) {
    const batch = [];
    for (const event of this.#waiting.slice(0, EVENTS_A_BATCH)) {
      bytes -= new TextEncoder().encode(JSON.stringify(event)).length + 1;
      if (bytes < 0 && batch.length > 0) break;
      batch.push(event);
    }
    return batch;
  }

  /** One call. A token that ended is asked for anew, once. */
  async #call(method, path, body, patienceMs = 10_000) {
    const mayRenew = this.#token !== undefined;
    if (this.#options.token) this.#token ??= await this.#options.token();
    try {
      return await this.#callOnce(method, path, body, patienceMs);
    } catch (failure) {
      if (failure.status !== 401 || !this.#options.token || !mayRenew) throw failure;
      this.#token = await this.#options.token();
      return this.#callOnce(method, path, body, patienceMs);
    }
  }

  async #callOnce(method, path, body, patienceMs) {
    const headers = { ...(body && { "content-type": "application/json" }), ...(this.#token && { authorization: `Bearer ${this.#token}` }) };
    const response = await this.#options.fetch(this.#options.url + path, {
      method, headers, body: body && JSON.stringify(body), credentials: "omit", signal: AbortSignal.timeout(patienceMs),
    }).catch(() => { throw new CallFailed(0); });
    const answer = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    throw new CallFailed(response.status, answer, 1_000 * (Number(response.headers.get("retry-after")) || 0));
  }
}

/** Shows a list as a section with a heading and links; an item of which `describe` knows nothing is left out. */
export function renderList(place, list, { title, describe, onSelect = () => {} }) {
  const page = place.ownerDocument;
  const make = (name, className, ...children) => {
    const element = page.createElement(name);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };
  const cards = list.items.flatMap((item) => {
    const about = describe(item);
    if (!about) return [];
    const name = make("span", "jardin-title", about.title);
    if (about.lang) name.lang = about.lang;
    const link = make("a", "jardin-item", ...(about.picture ? [about.picture] : []), name);
    link.href = about.href;
    if (item.reason) link.append(make("span", "jardin-reason", item.reason.text));
    if (item.sponsored) link.append(make("span", "jardin-sponsored", item.sponsored.label ?? item.sponsored.advertiser));
    if (about.price) link.append(make("span", "jardin-price", about.price));
    link.addEventListener("click", () => onSelect(item));
    return [make("li", "", link)];
  });
  if (cards.length === 0) { place.replaceChildren(); return; }
  const shown = make("ul", "", ...cards);
  // a list without bullets is no list to some screen readers, unless it says so
  shown.setAttribute("role", "list");
  const section = make("section", "jardin-list", make("h2", "", title), shown);
  section.setAttribute("aria-label", title);
  place.replaceChildren(section);
}
