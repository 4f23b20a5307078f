// The shop's calls to Jardin. Each is remembered, so that the page can show what was asked and answered.

const CALLS_KEPT = 40;

/** The last calls, the newest first: {method, path, body, status, answer, took}. */
export const calls = [];

/** Calls the API; the answer as JSON, `null` where there is none. Throws where it is refused. */
export async function call(method, path, body) {
  const begun = performance.now();
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await response.text();
  const answer = text === "" ? null : JSON.parse(text);
  calls.unshift({ method, path, body, status: response.status, answer, took: Math.round(performance.now() - begun) });
  calls.length = Math.min(calls.length, CALLS_KEPT);
  if (!response.ok) throw new Error(answer?.detail ?? `${method} ${path}: ${response.status}`);
  return answer;
}

/** A call as a command to paste into a terminal. */
export function asCommand({ method, path, body }) {
  const data = body === undefined ? "" : ` -H 'content-type: application/json' -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
  return `curl -s -X ${method} ${location.origin}${path}${data}`;
}

/** Asks for a list. */
export const recommend = (request) => call("POST", "/v1/recommendations", request);

/** Tells of something that was done; gives whether the shop keeps it. */
export async function tell(event) {
  const receipt = await call("POST", "/v1/events", { events: [{ event_id: crypto.randomUUID(), occurred_at: new Date().toISOString(), ...event }] });
  return receipt.accepted > 0;
}
