/** Proofs that need no row: keyed hashes over what they are for. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether two strings are equal, in a time that tells nothing of where they differ. */
export const sameText = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

export const keyedHash = (key: Uint8Array, ...parts: readonly string[]): string =>
  // Lengths are part of what is hashed, so parts cannot be shifted into each other.
  createHmac('sha256', key)
    .update(parts.map((part) => `${part.length}:${part}`).join(''))
    .digest('base64url');

/** Tickets that say when something began, to be shown with a sign-in that must be younger. */
export interface FreshTickets {
  /** @param purpose what the ticket is for, such as a client and its scopes */
  begin(purpose: string): string;
  /** Epoch seconds at which it began; undefined when it is not ours, for something else, or older than ten minutes. */
  startOf(ticket: string | undefined, purpose: string): number | undefined;
}

const ticketSeconds = 600;

export const createFreshTickets = (key: Uint8Array, now: () => Date): FreshTickets => {
  const seconds = () => Math.floor(now().getTime() / 1000);
  return {
    begin(purpose) {
      const at = String(seconds());
      return `${at}.${keyedHash(key, 'ticket', at, purpose)}`;
    },
    startOf(ticket, purpose) {
      const [at = '', proof = ''] = (ticket ?? '').split('.');
      if (!sameText(proof, keyedHash(key, 'ticket', at, purpose))) return undefined;
      return seconds() - Number(at) <= ticketSeconds ? Number(at) : undefined;
    },
  };
};
