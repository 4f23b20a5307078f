// Printed from openapi.json by make_types.mjs.

/** An act, as the audit records it; no id and no value of a person stands in it. */
export type Act = {
  /** what was done, by the name of its route or command */
  act: string;
  /** when it was done */
  at: string;
  /** the name of a key, `token`, `local`, `folder` for changed files, `anybody`, or `audit` for the record itself */
  by: string;
  /** its number, from 1 without a gap */
  n: number;
  /** a pseudonym of the person whom it concerns, until their erasure */
  person: string | null;
  /** how it ended, as an HTTP status */
  status: number;
};

/** Whether it holds. */
export type Active = {
  /** `false` lifts it */
  active: boolean;
};

/** Acts, newest first. */
export type Acts = {
  /** the acts */
  acts: Array<Act>;
  /** what to send as `before` for the next page; null where none follows */
  before: number | null;
};

/** How far the record has come. */
export type AuditHead = {
  /** the newest checkpoint, as `jardin audit verify --head` takes it; null where nothing was recorded yet */
  checkpoint: string | null;
  /** by which its signatures are verified, in hexadecimal */
  public_key: string;
};

/** What was done. */
export type ChangedGarden = {
  /** how many events were forgotten */
  forgotten: number;
};

/** An item as it is now, and what was dropped of what was sent. */
export type ChangedItem = {
  /** the item */
  item: ShownItem;
  /** what was dropped */
  redacted: Array<Redacted>;
};

/** A recorded answer to a consent question. */
export type Consent = {
  /** from when on they may be asked again; now where it is missing */
  ask_from?: string;
  /** when */
  at: string;
  /** whether it permits anything now */
  counts: boolean;
  /** the question */
  name: string;
  /** where it was asked */
  source: string;
  /** yes or no */
  status: "granted" | "refused" | "withdrawn";
  /** which text of the question was answered */
  text_version: string;
};

/** What a person answered. A yes needs `text_version`. */
export type ConsentAnswer = {
  /** where it was asked; of a page token its own id instead */
  source?: string;
  /** yes or no */
  status: "granted" | "refused" | "withdrawn";
  /** which text of the question was answered */
  text_version?: string;
};

/** For what stored data is used, on which ground, for how long it is kept, and who receives it. `null` is what the policy does not state. */
export type DataMeaning = {
  /** where to complain */
  authority: string | null;
  /** where to reach them */
  contact: string;
  /** who answers for the data */
  controller: string;
  /** what each type of event is */
  events: Record<string, DataUse>;
  /** what each field is, by name */
  fields: Record<string, DataUse>;
  /** from how many sessions of theirs each strategy has learned */
  learned: Record<string, number>;
  /** the purposes that use anything of what is stored, by name */
  purposes: Record<string, PurposeMeaning>;
  /** who receives data */
  recipients: Array<Recipient> | null;
  /** who receives it outside the EEA */
  transfers: Array<Recipient> | null;
};

/** What a field or a type of event is, and is used for. */
export type DataUse = {
  /** how long it is kept */
  kept: Array<string>;
  /** the purposes that use it */
  purposes: Array<string>;
  /** where it comes from: `given`, `observed` or `shop` */
  source: string | null;
  /** the strategies that read it or learn from it */
  strategies: Array<string>;
};

/** A rule in the place of a live one. */
export type DraftScript = {
  /** the live one: its file or its strategy */
  script: string;
  /** the rule */
  text: string;
};

/** The receipt of an erasure (GDPR Art. 17). */
export type Erasure = {
  /** from where the person is gone: `store`, `keys`, `memory`, `journal` (where the erasure is noted) */
  done: Array<string>;
  /** when it was done */
  erased_at: string;
  /** by which it is found again */
  erasure_id: string;
  /** how many events were erased */
  events: number;
  /** the strategies that had learned from the person; when the erasure answers alone */
  learned?: Array<ForgottenByStrategy>;
};

/** One event. Beside these keys it may have the event fields that the policy declares. */
export type Event = {
  /** by which a repeat is recognised for 7 days */
  event_id?: string;
  /** the products; all but `search` need one */
  items?: Array<EventItem>;
  /** when */
  occurred_at: string;
  /** the answer that led to it */
  recommendation_id?: string;
  /** in which visit */
  session_id?: string;
  /** who */
  subject_id?: string;
  /** GA4's word, such as `view_item` or `purchase` */
  type: string;
  [more: string]: unknown;
};

/** One product of an event. Beside these keys it may have the event fields that the policy declares. */
export type EventItem = {
  /** which item */
  item_id: string;
  /** how many; 1 where it is not there */
  quantity?: number;
  [more: string]: unknown;
};

/** Events, of which each is judged by itself, and what narrows all of them. */
export type Events = {
  /** answers to consent questions; `false` narrows, `true` changes nothing */
  consent?: Record<string, boolean>;
  /** what happened */
  events: Array<Event>;
  /** the person objects; narrows only */
  objected?: boolean;
  /** privacy signals of the browser; narrow only */
  signals?: PrivacySignals;
};

/** One item of the answer. */
export type ExplainedItem = {
  /** which item */
  item_id: string;
  /** for which purpose it was chosen, in the words of the policy; `null` of a paid place */
  purpose: string | null;
  /** why it is shown, in a sentence */
  says: string;
};

/** One strategy of the chain. */
export type ExplainedStrategy = {
  /** what it may read, and in which form */
  may_read: Array<GrantedField>;
  /** which one */
  name: string;
  /** its purpose's name */
  purpose: string;
  /** `ran`, `refused`, `failed` or `starting`; `null` where it was not tried or that is not remembered */
  status: string | null;
  /** why it did not run */
  why: string | null;
};

/** How an answer came about. Of one that was given to a person or a visit in the last ten minutes it says what was decided; of others, to a key, what such a list may be made of now. */
export type Explanation = {
  /** when it was given, to the second */
  at: string;
  /** to a key with the role `compliance` */
  compliance?: ExplanationForCompliance;
  /** the items in their order; none where that is not remembered */
  items: Array<ExplainedItem>;
  /** in which language its sentences are */
  locale: "fr" | "de" | "en";
  /** whether it was made for this person or visit; `null` where that is not remembered */
  personalised: boolean | null;
  /** where; `null` where the rules have changed since */
  placement: string | null;
  /** which answer */
  recommendation_id: string;
  /** in a sentence what the list was made of */
  says: string;
  /** what stands above it */
  title: string | null;
  /** what gave it its items; what may, where that is not remembered */
  used: Array<UsedForAnswer>;
  /** what did not run for this person, and why */
  withheld: Array<WithheldFromAnswer>;
};

/** The same in the names of the policy. */
export type ExplanationForCompliance = {
  /** the widest of what was present: `full`, `session`, `contextual` or `popular` */
  level: string | null;
  /** under which policy; the one in force now where that is not remembered */
  policy_revision: string;
  /** those of the chain, the fallback last */
  strategies: Array<ExplainedStrategy>;
};

/** An event in the form in which it came, with the fields that were stored. */
export type ExportedEvent = {
  /** the products */
  items: Array<ExportedEventItem>;
  /** when */
  occurred_at: string;
  /** the answer that led to it */
  recommendation_id: string | null;
  /** in which visit */
  session_id: string | null;
  /** what happened */
  type: string;
  [more: string]: unknown;
};

/** One product of an event, with the fields that were stored. */
export type ExportedEventItem = {
  /** which item */
  item_id: string;
  /** how many */
  quantity: number;
  [more: string]: unknown;
};

/** What became of what a strategy had learned from somebody. */
export type ForgottenByStrategy = {
  /** `told` where it was told to forget and acknowledged it, `due` where it will be */
  state: "told" | "due";
  /** which one */
  strategy: string;
};

/** What is kept of somebody, and what they switched. To a page token whose shop has not just checked the person it says names and counts: no value, product or date. */
export type Garden = {
  /** of each question that was answered whether the answer permits something now */
  consents: Record<string, boolean>;
  /** the same with values, products and dates */
  details?: GardenDetails;
  /** how many products they dismissed in this visit */
  dismissed: number;
  /** how many events are kept, by type */
  events: Record<string, number>;
  /** the fields of the profile, by name */
  fields: Array<string>;
  /** whether what they do is learned from, as far as they decide it */
  learning: boolean;
  /** whether they object */
  objection: boolean;
  /** whether they paused this visit */
  paused: boolean;
  /** whether lists are made for them, as far as they decide it */
  personal_lists: boolean;
  /** whether processing is restricted */
  restriction: boolean;
};

/** What somebody decides by themselves; what is left out stays. A page token whose shop has not just checked the person may only switch off. */
export type GardenChange = {
  /** what was looked at since then is forgotten, and what was learned from it; what was bought stays */
  forget?: "last_hour" | "today" | "all";
  /** whether what they do is learned from */
  learning?: boolean;
  /** while this visit is paused nothing of it is recorded, and no list in it is made for its person */
  paused?: boolean;
  /** whether lists are made for them */
  personal_lists?: boolean;
  /** the visit that is paused or forgotten; of a page token its own */
  session_id?: string;
};

/** What is kept, with values, products and dates. */
export type GardenDetails = {
  /** the last answer to each question */
  consents: Array<Consent>;
  /** products that they dismissed in this visit */
  dismissed: Array<string>;
  /** the oldest first */
  events: Array<ExportedEvent>;
  /** the profile by field */
  fields: Record<string, StoredValue>;
  /** whether they object, and since when */
  objection: Since;
  /** whether processing is restricted, and since when */
  restriction: Since;
};

/** The site's answer to Global Privacy Control. */
export type GlobalPrivacyControl = {
  /** whether it is honoured */
  gpc: boolean;
};

/** A field that a strategy may use. */
export type GrantedField = {
  /** in which form */
  as: string;
  /** such as `subject.birth_date` */
  field: string;
  /** from how long ago at most */
  newest: string | null;
};

/** How everything does. Strangers are told `ready` alone: counts and durations of single requests say something about people. */
export type Health = {
  /** whether the clock stepped back against the last durable time */
  clock_stepped_back?: boolean;
  /** counts of the whole since the start */
  counters?: Record<string, number>;
  /** what the policy says and nothing enforces */
  not_enforced_yet?: Array<string>;
  /** what is wrong with the whole, in words */
  notes?: Array<string>;
  /** how the policy of the folder stands to its approval: signed, recorded, stated, not needed, first start, missing or awaited */
  policy_approval?: string;
  /** the policy in force */
  policy_revision?: string;
  /** whether a newer policy was refused and the last good one stays */
  policy_stale?: boolean;
  /** what reaches further and is not in force before somebody approves it */
  policy_waiting_for_approval?: Array<string>;
  /** whether the fallback can be answered from memory */
  ready: boolean;
  /** the revision of the history that stands in the place of what the folder holds */
  rolled_back_to?: string | null;
  /** each strategy of the policy */
  strategies?: Array<StrategyHealth>;
  /** what somebody must look at */
  warnings?: Array<string>;
};

/** What was in force. */
export type History = {
  /** the newest first */
  revisions: Array<Revision>;
  /** the revision that stands in the place of what the folder holds */
  rolled_back_to: string | null;
};

/** An item as a shop sends it. */
export type Item = {
  /** by the names that the policy declares */
  fields: Record<string, unknown>;
  /** which item */
  item_id: string;
};

/** The fields of an item. */
export type ItemFields = {
  /** by the names that the policy declares */
  fields: Record<string, unknown>;
};

/** Items, of which each is judged by itself. */
export type Items = {
  /** the items */
  items: Array<Item>;
};

/** That the process answers. */
export type Live = {
  /** always true */
  live: boolean;
};

/** Who the page is for, as `jardin try --subject` takes it. */
export type MadeUpPerson = {
  /** the questions they answered with yes */
  consent?: Array<string>;
  /** what they did, each `days_ago` */
  events?: Array<Record<string, unknown>>;
  /** their profile */
  fields?: Record<string, unknown>;
  /** whether they object */
  objected?: boolean;
};

/** Whose visit it was. Their answers stay theirs, and the account's own rule the account. */
export type Merge = {
  /** the visitor */
  from: string;
  /** the visit; nothing of other visits is carried */
  session_id: string;
};

/** What became of the visit. */
export type Merged = {
  /** how many events are the account's now */
  carried: number;
  /** how many stayed with the visitor, since no purpose covers them on both sides */
  left: number;
};

/** A page token. It is sealed: neither the page nor anybody else can read whom it names. */
export type PageToken = {
  /** from when on it opens nothing */
  expires_at: string;
  /** the id that was made for a visitor */
  subject_id?: string;
  /** sent as `Authorization: Bearer`, or as `token` in the body of a beacon */
  token: string;
};

/** Whose page it is and what it may do. With neither `subject_id` nor `visitor` its requests are nobody's. */
export type PageTokenRequest = {
  /** the only filters that it may ask by */
  filters?: Array<string>;
  /** how long it lasts; 60 where it is not there */
  lasts_minutes?: number;
  /** the language where a request names none */
  locale?: string;
  /** the only placements that it may ask for */
  placements?: Array<string>;
  /** what it opens; `serve` and `ingest` need that role of the key */
  scopes: Array<"serve" | "ingest" | "consent" | "garden">;
  /** the visit */
  session_id?: string;
  /** the person who is signed in */
  subject_id?: string;
  /** the shop has just checked that it is this person: their page shows products and dates, and may let more be done */
  verified?: boolean;
  /** makes a random id for somebody who is not; nothing is stored under it before a consent is */
  visitor?: boolean;
};

/** A purpose that rests on a yes. */
export type PermittedPurpose = {
  /** whether it evaluates a person (GDPR Art. 4(4)) */
  profiling: boolean;
  /** its name */
  purpose: string;
  /** what people are told of it */
  says: string;
};

/** Everything that is stored of a person, and what it means. */
export type Person = {
  /** what all of it means */
  about: DataMeaning;
  /** every answer to a consent question */
  consents: Array<Consent>;
  /** the oldest first */
  events: Array<ExportedEvent>;
  /** the profile by field */
  fields: Record<string, StoredValue>;
  /** when the person was last seen */
  last_seen: string;
  /** whether the person objects */
  objection: Since;
  /** whether processing is restricted */
  restriction: Since;
  /** who */
  subject_id: string;
  /** what they switched, objected to and had restricted, each time */
  switches: Array<Switched>;
};

/** One place on a page. */
export type Placement = {
  /** its strategies in order, without the policy's fallback */
  chain: Array<string>;
  /** the strategy that is laid over every list */
  finish: string | null;
  /** what is left out */
  leave_out: Array<string>;
  /** how many items */
  limit: number;
  /** as requests name it */
  name: string;
  /** by language */
  title: Record<string, string>;
};

/** The placements of jardin.toml. */
export type Placements = {
  /** by name */
  placements: Array<Placement>;
};

/** The policy in force. */
export type Policy = {
  /** its revision */
  revision: string;
  /** the file as it was read */
  text: string;
};

/** A page about the policy in force, in one language. */
export type PolicyPage = {
  /** the language that it is written in */
  language: string;
  /** in their order */
  sections: Array<PolicyPageSection>;
  /** its title */
  title: string;
};

/** Sentences, points or a table: one of them. */
export type PolicyPageBlock = {
  /** the head of a table */
  head?: Array<string>;
  /** points */
  list?: Array<string>;
  /** sentences */
  paragraph?: string;
  /** its rows, each of as many cells */
  rows?: Array<Array<string>>;
};

/** A part of a page. */
export type PolicyPageSection = {
  /** in their order */
  blocks: Array<PolicyPageBlock>;
  /** its title; empty where it continues the page's */
  title: string;
};

/** A page, a made-up person, and what is tried. The policy is the one in force; nobody real is asked about. */
export type Preview = {
  /** when; now where it is not said */
  at?: string;
  /** what the page sends of itself */
  context?: Record<string, unknown>;
  /** a rule in the place of a live one */
  draft?: DraftScript;
  /** a made-up person; without one nobody is known */
  person?: MadeUpPerson;
  /** where */
  placement: string;
  /** the visit: its basket, and what was looked at, the last one newest */
  session?: Record<string, unknown>;
  /** the text of a jardin.toml in the place of the live one */
  settings?: string;
  /** the strategy that is followed; without it that of the draft, or the first rule of the place */
  strategy?: string;
  /** an item of which is told why it is not shown */
  why_not?: string;
};

/** The page before and after. */
export type Previewed = {
  /** when */
  at: string;
  /** by the draft */
  draft: PreviewedVersion | null;
  /** by what is in force */
  live: PreviewedVersion;
  /** where */
  placement: string;
  /** the strategy that was followed */
  strategy: string;
  /** why the item that was asked about is not shown */
  why_not: string | null;
};

/** One version of the page. Of a strategy that reads a secret of the shop the direction of a move is told, and no factor. */
export type PreviewedVersion = {
  /** how long the answer took, in milliseconds */
  answer_ms: unknown;
  /** how many items it was given */
  candidates: number;
  /** what was left out, by whom and why */
  dropped: Array<Record<string, unknown>>;
  /** on how many of them it failed */
  failed_items: number;
  /** why it gave nothing */
  failure: string | null;
  /** what is shown: `item_id`, `rank`, where it `was`, who gave it, what moved it, what it says */
  page: Array<Record<string, unknown>>;
  /** how often the strategy was asked */
  runs: number;
  /** each strategy that was tried, its status and why */
  strategies: Array<Record<string, unknown>>;
  /** how long it took, in milliseconds */
  took_ms: unknown;
};

/** What a browser or a consent banner says; the stricter wins. */
export type PrivacySignals = {
  /** Google's consent mode: `granted` or `denied` by key */
  consent_mode?: Record<string, string | boolean>;
  /** Global Privacy Control, as the header `Sec-GPC` */
  gpc?: boolean;
  /** a TCF string; one that cannot be read refuses */
  tcf?: string;
};

/** Why a call was refused (RFC 9457). It repeats no value that was sent. */
export type Problem = {
  /** what is wrong and what is expected */
  detail: string;
  /** the route's template, never the path */
  instance?: string;
  /** the names that exist, where they are no secret */
  known?: Array<string>;
  /** the declared names that it concerns */
  names?: Array<string>;
  /** also the header `x-request-id` */
  request_id: string;
  /** the HTTP status */
  status: number;
  /** the kind in words */
  title: string;
  /** `urn:jardin:problem:` and the kind of problem */
  type: string;
};

/** The fields of a person. */
export type Profile = {
  /** by the names that the policy declares */
  fields: Record<string, unknown>;
};

/** What a purpose is. */
export type PurposeMeaning = {
  /** its legal ground */
  basis: string;
  /** the interest pursued */
  interest: string | null;
  /** whether it evaluates the person */
  profiling: boolean;
  /** in the words that people are told */
  says: string;
};

/** One question of the policy. */
export type Question = {
  /** what to offer, each in one step and as plainly as the other; none is chosen beforehand, and closing the question is no yes */
  answers: Array<"refused" | "granted">;
  /** how long after a no they are not asked again, in words */
  ask_again_after?: string;
  /** how long a yes counts, in words */
  lasts: string;
  /** as paths name it */
  name: string;
  /** what a yes permits */
  permits: Array<PermittedPurpose>;
  /** the version that is asked now, to be sent with the answer */
  text_version: string;
  /** what people are asked, where the policy says it */
  wording?: string;
};

/** What people are asked, in one language. */
export type Questions = {
  /** by name */
  consents: Array<Question>;
  /** where people write */
  contact: string;
  /** who asks */
  controller: string;
  /** the language of the texts */
  locale: string | null;
};

/** Why an item is shown. */
export type Reason = {
  /** a reason of jardin.toml */
  code: string;
  /** its text in the request's language */
  text: string;
};

/** What became of a batch. What was taken is durable. */
export type Receipt = {
  /** how many were taken */
  accepted: number;
  /** how many were known already */
  duplicates: number;
  /** what was dropped of those that were taken */
  redacted: Array<Redacted>;
  /** which were refused */
  rejected: Array<Rejected>;
  /** what a rule of the policy kept out, where it did; no error */
  set_aside?: SetAside;
  /** how many items were named that the catalogue does not have, where there were */
  unknown_items?: number;
};

/** Somebody who receives data. */
export type Recipient = {
  /** where they sit */
  country: string | null;
  /** what they receive it for */
  for: string | null;
  /** who */
  name: string;
  /** what they are to the controller */
  role: string | null;
  /** what protects the data there */
  safeguard: string | null;
};

/** The requests of one page. */
export type RecommendationBatch = {
  /** no item stands in two of the lists */
  distinct?: boolean;
  /** in the page's order */
  requests: Array<RecommendationRequest>;
};

/** What to show, of what it was made, and what was refused. */
export type RecommendationList = {
  /** the best first */
  items: Array<RecommendedItem>;
  /** the widest data that was present before a strategy that gave items */
  level: "full" | "session" | "contextual" | "popular";
  /** in which language its texts are */
  locale?: string;
  /** whether the level is `full` or `session` */
  personalised: boolean;
  /** under which policy it was made; not told to a page token */
  policy_revision?: string;
  /** by which an event names this answer */
  recommendation_id: string;
  /** how many items are missing to the limit */
  shortfall: number;
  /** each that was tried, in order; not told to a page token */
  strategies?: Array<TriedStrategy>;
  /** what stands above the list, in the request's language */
  title?: string;
  /** fixed words, such as `no-fallback` */
  warnings: Array<string>;
};

/** The lists in the order of the requests. */
export type RecommendationLists = {
  /** one for each request */
  answers: Array<RecommendationList>;
};

/** Everything but `placement` is optional; serving with nobody known is the normal case. */
export type RecommendationRequest = {
  /** answers to consent questions; `false` narrows, `true` changes nothing */
  consent?: Record<string, boolean>;
  /** what the page is about: exactly the context fields that the policy declares */
  context?: Record<string, unknown>;
  /** how long the answer may take, in milliseconds */
  deadline_ms?: number;
  /** items that are not shown */
  exclude_items?: Array<string>;
  /** a filter of jardin.toml, by its name */
  filter?: string;
  /** fewer items than the placement's own limit */
  limit?: number;
  /** in which language reasons are told */
  locale?: string;
  /** the person objects; narrows only */
  objected?: boolean;
  /** which place on a page */
  placement: string;
  /** what the visit holds: exactly the session fields that the policy declares */
  session?: Record<string, unknown>;
  /** in which visit */
  session_id?: string;
  /** item fields that come with each item, of those that jardin.toml lists as `public`; the placement's own where it is not there */
  show?: Array<string>;
  /** privacy signals of the browser; narrow only */
  signals?: PrivacySignals;
  /** whom the list is for */
  subject_id?: string;
};

/** One item of a list. */
export type RecommendedItem = {
  /** the fields that `show` asks for, by name */
  fields?: Record<string, unknown>;
  /** which item */
  item_id: string;
  /** its place, from 1 */
  rank: number;
  /** what the shopper is told */
  reason?: Reason;
  /** there where the place is paid for */
  sponsored?: Sponsored;
  /** which strategy gave it; not there for a sponsored item, and not told to a page token */
  strategy?: string;
};

/** Fields that were dropped of one entry. */
export type Redacted = {
  /** for each that cannot be read the form that is expected */
  details?: Array<string>;
  /** as the sender called them */
  fields: Array<string>;
  /** which entry, from 0; not there for a person's profile */
  index?: number;
  /** a fixed word, such as `undeclared` */
  rule: string;
};

/** One entry that was refused. */
export type Rejected = {
  /** what is wrong and what is expected, in a sentence */
  detail: string;
  /** the declared names that it concerns */
  fields?: Array<string>;
  /** which entry, from 0 */
  index: number;
  /** a fixed word, such as `missing-field` */
  problem: string;
};

/** A revision of policy, settings and scripts that came into force. */
export type Revision = {
  /** how its policy stood to its approval */
  approval: string;
  /** when it came into force */
  at: string;
  /** who brought it: `the shop folder`, a key by its name, or `local` */
  by: string;
  /** the files that were other ones in the revision before */
  changed: Array<string>;
  /** `revision` of its policy */
  policy_revision: string;
  /** its name: the beginning of the digest of its files */
  revision: string;
};

/** Which revision is brought back. */
export type Rollback = {
  /** its name in the history, or the beginning of it */
  to: string;
};

/** What the policy kept out of what was sent. */
export type SetAside = {
  /** how much in all */
  count: number;
  /** how much by each rule: lines of events for `never` and `discreet`, events for every other */
  reasons: Record<string, number>;
};

/** An item; its confidential fields are left out. */
export type ShownItem = {
  /** its fields by name */
  fields: Record<string, unknown>;
  /** which item */
  item_id: string;
};

/** Whether it holds, and since when. */
export type Since = {
  /** whether it holds */
  active: boolean;
  /** since when */
  since: string | null;
};

/** The mark of a paid place. */
export type Sponsored = {
  /** who pays */
  advertiser: string;
  /** the label in the request's language */
  label: string;
};

/** What is stopped. */
export type Stop = {
  /** every strategy but the fallback */
  everything?: boolean;
  /** by name */
  strategies?: Array<string>;
};

/** What became of a profile. */
export type StoredProfile = {
  /** what was dropped */
  redacted: Array<Redacted>;
};

/** A value of a profile. */
export type StoredValue = {
  /** when it was stored */
  stored_at: string;
  /** as the shop sent it */
  value: unknown;
};

/** The strategies of the policy. */
export type Strategies = {
  /** by name */
  strategies: Array<Strategy>;
};

/** One strategy of the policy, and what it may do. */
export type Strategy = {
  /** the sha256 of its file */
  digest: string | null;
  /** by what it is kept from the rest */
  enforcement: "interpreter" | "sandbox" | "advisory" | null;
  /** whether its file is the one that was reviewed */
  file: "reviewed" | "not-pinned" | "differs" | null;
  /** how it is written */
  kind: "plugin" | "script";
  /** for what it learns */
  learning_purpose: string | null;
  /** on whose lists it may build */
  may_ask: Array<string>;
  /** what it may learn from */
  may_learn_from: Array<GrantedField>;
  /** what it may read */
  may_read: Array<GrantedField>;
  /** the kernel's measures, for a sandbox */
  measures: Array<string>;
  /** which strategy */
  name: string;
  /** for what it runs */
  purpose: string;
  /** whether it runs for nobody now */
  stopped: boolean;
};

/** How one strategy does. */
export type StrategyHealth = {
  /** counts since the start */
  counters: Record<string, number>;
  /** by what it is kept from the rest */
  enforcement: string | null;
  /** which strategy */
  name: string;
  /** why not, or what happened last */
  note: string | null;
  /** whether it can answer */
  ready: boolean;
};

/** What somebody switched, objected to or had restricted, once. */
export type Switched = {
  /** when */
  at: string;
  /** `personal_lists`, `learning`, `objection` or `restriction` */
  name: string;
  /** on or off; whether an objection or a restriction was set or lifted */
  on: boolean;
  /** where */
  source: string;
};

/** What became of one strategy of the chain. */
export type TriedStrategy = {
  /** which strategy */
  name: string;
  /** what became of it */
  status: "ran" | "refused" | "failed" | "starting";
  /** why it did not run */
  why?: string;
};

/** A purpose for which items were chosen, and what may be read for it. */
export type UsedForAnswer = {
  /** what of the person or visit it may read, and in which form */
  of_person: Array<GrantedField>;
  /** in the words of the policy */
  purpose: string;
};

/** What this server is and speaks. */
export type Version = {
  /** the interface of plugins, major and minor */
  abi: string;
  /** this API */
  api: "v1";
  /** `language` of policy.toml */
  policy_language: number;
  /** the program */
  program: string;
};

/** What is decided for one visit; what is left out stays. */
export type VisitGardenChange = {
  /** what was looked at since then is forgotten, and what was learned from it; what was bought stays */
  forget?: "last_hour" | "today" | "all";
  /** while this visit is paused nothing of it is recorded, and no list in it is made for its person */
  paused?: boolean;
};

/** A purpose for which nothing was done, and why. */
export type WithheldFromAnswer = {
  /** in the words of the policy */
  purpose: string;
  /** why, in a sentence */
  says: string;
};
