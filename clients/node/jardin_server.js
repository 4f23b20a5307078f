// Jardin from a shop's own server in Node: a token for a page, a list while the page is made, an order when it is paid. The key stays here.

const CHANGE_MS = 5_000;

export class JardinServer {
  #url;
  #key;
  #listMs;

  /** `url` is where Jardin answers, `key` a key with the roles `serve` and `ingest`, `listMs` how long a list is waited for. */
  constructor({ url, key, listMs = 150 }) {
    this.#url = url;
    this.#key = key;
    this.#listMs = listMs;
  }

  /** The list of a place, or none where it cannot be had in time: a page is never held up by it. */
  async list(placement, request = {}) {
    try {
      return (await this.#call("/v1/recommendations", { placement, ...request }, this.#listMs)).items;
    } catch {
      return [];
    }
  }

  /** A token that the page's own calls carry. `claims` say for whom, for what and how long. Throws where none is given. */
  async token(claims) {
    return (await this.#call("/v1/tokens", claims, CHANGE_MS)).token;
  }

  /** Records an order; told twice it counts once. Throws where it was not taken, so that the caller can tell it again. */
  async recordOrder({ id, at, lines, ...whom }) {
    const items = lines.map(({ item_id, quantity, price }) => ({ item_id, quantity, price }));
    const event = { event_id: `purchase-${id}`, type: "purchase", occurred_at: at, ...whom, items };
    const { rejected } = await this.#call("/v1/events", { events: [event] }, CHANGE_MS);
    if (rejected.length > 0) throw new Error(rejected[0].detail ?? rejected[0].problem);
  }

  async #call(path, body, patienceMs) {
    const headers = { "content-type": "application/json", ...(this.#key && { authorization: `Bearer ${this.#key}` }) };
    const response = await fetch(this.#url + path, { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(patienceMs) });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? `Jardin answered with ${response.status}`);
    return answer;
  }
}
