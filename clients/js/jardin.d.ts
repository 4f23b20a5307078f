import type { Event, Problem, RecommendationList, RecommendationRequest, RecommendedItem } from "./api.js";

export type * from "./api.js";

/** A list; where none could be had it is empty and says why in `problem`. */
export type ShownList = Partial<RecommendationList> & { items: RecommendedItem[]; problem?: CallFailed };

export declare class CallFailed extends Error {
  /** The HTTP status; 0 where nothing answered in time. */
  status: number;
  problem?: Problem;
  /** How long the server asks to wait, in milliseconds. */
  retryAfterMs: number;
  /** Whether the same call may succeed later. */
  get passes(): boolean;
}

export interface Options {
  /** Where Jardin answers, without a slash at its end; by default the page's own origin. */
  url?: string;
  /** Gives a page token that the shop's server asked for; called again when the token has ended. */
  token?: () => Promise<string>;
  /** Whom calls are for where there is no token. */
  visit?: { session_id?: string; subject_id?: string };
  /** The language of reasons. */
  locale?: string;
  /** How long a list is waited for, in milliseconds; by default 1,000. */
  patienceMs?: number;
  /** Told what failed or was refused. */
  onProblem?: (problem: Error) => void;
  /** The document whose end sends what waits; by default the page's. */
  page?: Document;
}

export declare class Jardin {
  constructor(options?: Options);
  recommend(placement: string, request?: Omit<RecommendationRequest, "placement">): Promise<ShownList>;
  record(event: Omit<Event, "occurred_at"> & { occurred_at?: string }): void;
  select(list: ShownList, item: RecommendedItem): void;
  answerConsent(name: string, status: "granted" | "refused" | "withdrawn", textVersion: string, source?: string): Promise<void>;
  object(active?: boolean): Promise<void>;
  flush(): Promise<void>;
  leave(): void;
}

export interface Description {
  title: string;
  href: string;
  price?: string;
  picture?: Element;
}

export declare function renderList(
  place: Element,
  list: ShownList,
  options: { title: string; describe: (item: RecommendedItem) => Description | undefined; onSelect?: (item: RecommendedItem) => void },
): void;
