/** What a notice says, apart from the channel it is told on. */
import { redact } from '../telemetry/redact.ts';
import { clean } from '../untrusted.ts';

/** A name and its value. Values are cleaned, not escaped. */
export interface NoticeFact {
  readonly label: string;
  readonly value: string;
}

export interface Telling {
  /** Type of the event, dotted: `operation.waiting`. */
  readonly type: string;
  /** One line in our own words: what happened. */
  readonly headline: string;
  /** One line that people or an upstream wrote, marked as data wherever it is shown. */
  readonly about?: string;
  readonly facts: readonly NoticeFact[];
  /** A page of this service. It asks for a sign-in, and a GET of it changes nothing. */
  readonly link: { readonly label: string; readonly href: string };
  /** When it happened, ISO. */
  readonly at: string;
  /** Somebody should look now. */
  readonly urgent?: boolean;
}

/** Longest line of text from outside in a message. */
const MOST_CHARACTERS = 256;

/** One visible line of text from outside, without what looks like a secret: `token=` counts as one at its beginning, too. */
export const outsideLine = (text: string): string => clean(redact(` ${text}`).slice(1), MOST_CHARACTERS);
