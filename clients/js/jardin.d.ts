import type { Consent, Event, Problem, Question, Receipt, RecommendationList, RecommendationRequest, RecommendedItem } from "./api.js";

export type * from "./api.js";

/** A list; where none could be had it is empty and says why in `problem`. */
export type ShownList = Partial<RecommendationList> & { items: RecommendedItem[]; problem?: CallFailed };

/** What went wrong with a call, with the problem document where there is one. */
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
  /** Makes the calls; by default the browser's own. */
  fetch?: typeof fetch;
  /** The document whose end sends what waits; by default the page's. */
  page?: Document;
}

export declare class Jardin {
  constructor(options?: Options);
  /** Asks for the list of a place. Where none can be had in time it is empty and names the `problem`; it never throws. */
  recommend(placement: string, request?: Omit<RecommendationRequest, "placement">): Promise<ShownList>;
  /** Asks for the lists of one page at once, and gives them in that order. No item stands in two of them. */
  recommendAll(requests: RecommendationRequest[]): Promise<ShownList[]>;
  /** Tells of something that happened, such as `{type: "view_item", items: [{item_id: "TEN-103"}]}`. Sent with others, a little later. */
  record(event: Omit<Event, "occurred_at"> & { occurred_at?: string }): void;
  /** Tells that an item of a list was chosen, by the answer that showed it. */
  select(list: ShownList, item: RecommendedItem): void;
  /** What people are asked, with all that a banner shows, in the language of reasons unless another is named. Throws where it cannot be had. */
  questions(locale?: string): Promise<Question[]>;
  /**
   * Records the person's answer to a consent question. Throws where it was not taken, so that the page does not say that it was; the
   * page's own lists obey a no all the same.
   */
  answerConsent(name: string, status: "granted" | "refused" | "withdrawn", textVersion: string, source?: string): Promise<void>;
  /** Lets this page's lists obey a no to a question. Nothing of it is recorded. */
  refuse(name: string): void;
  /** The person's last answer to a consent question; nothing where they were never asked. */
  lastAnswer(name: string): Promise<Consent | undefined>;
  /** Sets or lifts the person's objection to all profiling. Throws where it was not taken; the page's own lists obey it all the same. */
  object(active?: boolean): Promise<void>;
  /** Sends what waits, and gives the receipt of the batch where one was taken. */
  flush(): Promise<Receipt | undefined>;
  /** Hands what waits to the browser, which sends it when the page is gone; called when the page is hidden. */
  leave(): void;
}

export interface Description {
  title: string;
  href: string;
  price?: string;
  picture?: Element;
  /** The language of the title where it is not the page's. */
  lang?: string;
}

/**
 * Shows a list in `place`: a section with a heading, items as links in their order, each with its reason and, where it is paid for, its
 * label. Texts are never read as markup. An empty list shows nothing.
 */
export declare function renderList(
  place: Element,
  list: ShownList,
  options: {
    title: string;
    /** What the page knows of an item; one of which it knows nothing is left out. */
    describe: (item: RecommendedItem) => Description | undefined;
    onSelect?: (item: RecommendedItem) => void;
  },
): void;
