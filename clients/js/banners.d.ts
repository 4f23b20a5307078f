import type { Jardin } from "./jardin.js";

export type BannerName = "didomi" | "axeptio" | "onetrust" | "usercentrics" | "cookiebot" | "tarteaucitron" | "klaro";

export declare const BANNER_NAMES: BannerName[];

export interface BannerOptions {
  /** By which of the banner's own names each question of the policy is asked. */
  questions: Record<string, string>;
  /** The version of the text that the banner shows, as the policy names it. */
  textVersion: string;
  /** Told which answer could not be recorded. */
  onProblem?: (problem: Error) => void;
  /** The window of the banner; by default the page's. */
  page?: unknown;
}

export declare function followBanner(jardin: Pick<Jardin, "answerConsent" | "lastAnswer" | "refuse">, banner: BannerName, options: BannerOptions): void;
