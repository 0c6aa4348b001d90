/** What clients of Google's APIs are made of, beside a stand-in: for tests that look at calls, waits, and what is left behind. */
import type { Logger } from 'pino';
import { pino } from 'pino';
import { credentialOf } from '../../src/credentials/reveal.ts';
import { CountersignError } from '../../src/errors.ts';
import { type GoogleContext, type GoogleParts, googleParts } from '../../src/packs/marketing/google/parts.ts';
import { openUpstreams } from '../../src/upstream/open.ts';

export interface GoogleRig {
  readonly parts: GoogleParts;
  readonly context: GoogleContext;
  /** Seconds that were waited between tries. No test waits for them. */
  readonly waits: number[];
  close(): Promise<void>;
}

export interface GoogleRigOptions {
  readonly now: () => Date;
  /** An access token of the stand-in. Default: its demo account, without one. */
  readonly token?: string;
  readonly log?: Logger;
}

const tokenRefused = async (): Promise<never> => {
  throw new CountersignError('credentials_required', 'Google refused the access token.');
};

export const openGoogleRig = (url: string, { now, token, log }: GoogleRigOptions): GoogleRig => {
  const waits: number[] = [];
  const engine = openUpstreams({
    config: {},
    metrics: { count: () => {}, observe: () => {}, set: () => {} },
    log: log ?? pino({ level: 'silent' }),
    now,
    sleep: async (milliseconds) => void waits.push(Math.floor(milliseconds / 1000)),
  });
  const upstreams = engine.of({ name: 'marketing', egress: [], variables: ['GOOGLE_URL'] });
  const credential = async () =>
    token === undefined
      ? undefined
      : credentialOf({ provider: 'google', holder: token }, { token: async () => token, refused: tokenRefused });
  return {
    parts: googleParts(upstreams, url, credential),
    context: { signal: AbortSignal.timeout(30_000) },
    waits,
    close: () => engine.close(),
  };
};
