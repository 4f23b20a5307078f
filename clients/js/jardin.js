// The client for a shop's pages: asks for lists, tells of events, and can show a list. It keeps nothing on the device: no cookie, no
// storage; what it knows is gone with the page. docs/client.md says what it does and when.

const EVENTS_A_BATCH = 50;
const EVENTS_WAITING = 500;
const BATCH_WAITS_MS = 2_000;
const RETRY_MS = 1_000;
const RETRY_MS_AT_MOST = 60_000;
/** Browsers keep at most 64 KiB of bodies of a page that is left. */
const BEACON_BYTES = 60_000;

/** A list that shows nothing: what a page gets where no list can be had, so that it need not ask. */
const emptyList = (problem) => ({ items: [], personalised: false, level: "popular", warnings: [], shortfall: 0, problem });

/** What went wrong with a call, with the problem document where there is one. */
export class CallFailed extends Error {
  constructor(status, problem, retryAfterMs = 0) {
    super(problem?.detail ?? `the call was answered with ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether the same call may succeed later. */
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

  /**
   * `url` is where Jardin answers, without a slash at its end. `token` gives a page token that the shop's server asked for; without one
   * `visit` and `person` say whom a call is for. `locale` is the language of reasons, `patienceMs` how long a list is waited for.
   * `onProblem` is told what was refused for good.
   */
  constructor({ url = "", token, visit = {}, locale, patienceMs = 1_000, onProblem = () => {}, page = globalThis.document } = {}) {
    this.#options = { url, token, visit, locale, patienceMs, onProblem };
    page?.addEventListener("visibilitychange", () => { if (page.visibilityState === "hidden") this.leave(); });
    globalThis.addEventListener?.("pagehide", () => this.leave());
  }

  /** Asks for the list of a place. Where none can be had in time it is empty and names the `problem`; it never throws. */
  async recommend(placement, request = {}) {
    const { visit, locale, patienceMs } = this.#options;
    const whom = this.#options.token ? {} : visit;
    try {
      return await this.#call("POST", "/v1/recommendations", { placement, ...(locale && { locale }), ...whom, ...request }, patienceMs);
    } catch (failure) {
      this.#options.onProblem(failure);
      return emptyList(failure);
    }
  }

  /** Tells of something that happened, such as `{type: "view_item", items: [{item_id: "TEN-103"}]}`. Sent with others, a little later. */
  record(event) {
    const whom = this.#options.token ? {} : this.#options.visit;
    this.#waiting.push({ event_id: crypto.randomUUID(), occurred_at: new Date().toISOString(), ...whom, ...event });
    // the oldest goes: what a page did last says most about what it needs next
    if (this.#waiting.length > EVENTS_WAITING) this.#waiting.shift();
    if (this.#waiting.length >= EVENTS_A_BATCH) void this.flush();
    else this.#flushLater(BATCH_WAITS_MS);
  }

  /** Tells that an item of a list was chosen, by the answer that showed it. */
  select(list, item) {
    this.record({ type: "select_item", recommendation_id: list.recommendation_id, items: [{ item_id: item.item_id }] });
  }

  /** Records the person's answer to a consent question: `granted`, `refused` or `withdrawn`. Throws where it was not taken. */
  async answerConsent(name, status, textVersion, source = "page") {
    await this.#call("PUT", `${this.#person}/consents/${encodeURIComponent(name)}`, { status, text_version: textVersion, source });
  }

  /** Sets or lifts the person's objection to all profiling. Throws where it was not taken. */
  async object(active = true) {
    await this.#call("PUT", `${this.#person}/objection`, { active });
  }

  /** A page does not know whom its token names; the server does. */
  get #person() {
    return `/v1/subjects/${this.#options.token ? "me" : encodeURIComponent(this.#options.visit.subject_id)}`;
  }

  /** Sends what waits. A batch that fails for a while is sent again; every event has an id, so that none counts twice. */
  async flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending || this.#waiting.length === 0) return;
    this.#sending = true;
    const batch = this.#waiting.slice(0, EVENTS_A_BATCH);
    try {
      const receipt = await this.#call("POST", "/v1/events", { events: batch });
      for (const { detail, problem } of receipt?.rejected ?? []) this.#options.onProblem(new Error(detail ?? problem));
      this.#sent(batch);
    } catch (failure) {
      if (failure.passes) this.#failures += 1;
      else { this.#options.onProblem(failure); this.#sent(batch); }
      this.#retryAfterMs = failure.retryAfterMs;
    } finally {
      this.#sending = false;
    }
    if (this.#waiting.length > 0) this.#flushLater(this.#failures > 0 ? this.#pause() : 0);
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
    const headers = { "content-type": "application/json", ...(this.#token && { authorization: `Bearer ${this.#token}` }) };
    const response = await fetch(this.#options.url + path, {
      method, headers, body: JSON.stringify(body), credentials: "omit", signal: AbortSignal.timeout(patienceMs),
    }).catch(() => { throw new CallFailed(0); });
    const answer = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    throw new CallFailed(response.status, answer, 1_000 * (Number(response.headers.get("retry-after")) || 0));
  }
}

/**
 * Shows a list in `place`: a section with a heading, items as links in order, each with its reason and, where it is paid for, who pays.
 * `describe` gives `{title, href, price?, picture?}` of an item; one of which it knows nothing is left out. An empty list shows nothing.
 */
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
    const link = make("a", "jardin-item", ...(about.picture ? [about.picture] : []), make("span", "jardin-title", about.title));
    link.href = about.href;
    if (item.reason) link.append(make("span", "jardin-reason", item.reason.text));
    if (item.sponsored) link.append(make("span", "jardin-sponsored", item.sponsored.label ?? item.sponsored.advertiser));
    if (about.price) link.append(make("span", "jardin-price", about.price));
    link.addEventListener("click", () => onSelect(item));
    return [make("li", "", link)];
  });
  if (cards.length === 0) { place.replaceChildren(); return; }
  const section = make("section", "jardin-list", make("h2", "", title), make("ul", "", ...cards));
  section.setAttribute("aria-label", title);
  place.replaceChildren(section);
}
