/**
 * Cursors as clients see them: the tool's own, sealed together with whose answer it goes on with. A page read on was
 * agreed to with its first page, so it is not questioned again and takes nothing of the budget.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../auth/caller.ts';
import { digest } from '../canonical.ts';
import { CountersignError } from '../errors.ts';

/** How long a page may be read on without a new question: as long as what was scanned is kept. */
export const CONSENT_SECONDS = 3600;

export interface OpenedCursor {
  /** The tool's own cursor. */
  readonly cursor: string;
  /** The first page was answered within CONSENT_SECONDS. Later the place still holds, and the call counts like any other. */
  readonly agreed: boolean;
}

export interface Cursors {
  /** Seals a tool's cursor for the same person, tool and arguments; only `limit` may be another on the next page. */
  seal(cursor: string, caller: Caller, tool: string, input: Record<string, unknown>, since?: number): string;
  /** @throws invalid_input for one that is not this service's, or is another person's, tool's or question's */
  open(
    sealed: string,
    caller: Caller,
    tool: string,
    input: Record<string, unknown>,
  ): OpenedCursor & { readonly since: number };
}

const refuse = (): never => {
  throw new CountersignError(
    'invalid_input',
    'cursor: is not one this tool gave you for these arguments. Repeat them as they were, or ask without a cursor.',
  );
};

export const createCursors = (key: Uint8Array, now: () => Date): Cursors => {
  const seconds = (): number => Math.floor(now().getTime() / 1000);
  const proofOf = (part: string, { personId }: Caller, tool: string, input: Record<string, unknown>): Buffer => {
    const { cursor: _cursor, limit: _limit, ...asked } = input;
    return createHmac('sha256', key)
      .update(JSON.stringify([personId, tool, digest(asked), part]))
      .digest();
  };
  return {
    seal: (cursor, caller, tool, input, since = seconds()) => {
      const part = `${cursor}.${since.toString(36)}`;
      return `${part}.${proofOf(part, caller, tool, input).toString('base64url')}`;
    },
    open: (sealed, caller, tool, input) => {
      const [, part = '', cursor = '', since = '', proof = ''] =
        /^((.*)\.([0-9a-z]{1,12}))\.([\w-]{43})$/s.exec(sealed) ?? refuse();
      if (!timingSafeEqual(Buffer.from(proof, 'base64url'), proofOf(part, caller, tool, input))) refuse();
      const began = Number.parseInt(since, 36);
      return { cursor, since: began, agreed: seconds() - began < CONSENT_SECONDS };
    },
  };
};
