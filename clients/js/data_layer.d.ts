import type { Event } from "./api.js";
import type { Jardin } from "./jardin.js";

export declare function eventOf(pushed: unknown): Omit<Event, "occurred_at"> | undefined;
export declare function fromDataLayer(jardin: Pick<Jardin, "record">, dataLayer?: unknown[]): () => void;
