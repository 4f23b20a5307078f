// The shop's calls to Jardin. Each is remembered, so that the page can show what was asked and answered.

const CALLS_KEPT = 40;

/** The last calls, the newest first: {method, path, body, status, answer, took}. */
export const calls = [];

/** Fetches, and remembers the call with its answer. */
export async function recordedFetch(path, { method = "GET", body, ...more } = {}) {
  const begun = performance.now();
  const response = await fetch(path, { method, body, ...more });
  const text = await response.clone().text();
  const answer = text === "" ? null : JSON.parse(text);
  calls.unshift({ method, path, body, status: response.status, answer, took: Math.round(performance.now() - begun) });
  calls.length = Math.min(calls.length, CALLS_KEPT);
  return response;
}

/** Reads what the client for a page has no call for; `undefined` where there is none. */
export async function read(path) {
  const response = await recordedFetch(path);
  if (response.status === 404) return undefined;
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}

/** A call as a command to paste into a terminal. */
export function asCommand({ method, path, body }) {
  const data = body === undefined ? "" : ` -H 'content-type: application/json' -d '${body.replaceAll("'", "'\\''")}'`;
  return `curl -s -X ${method} '${location.origin}${path}'${data}`;
}
