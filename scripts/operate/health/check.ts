/** What the doctor looks at: named checks, of which none stops another. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { ClientOf } from '../clients.ts';
import type { Network } from './network.ts';

/** attention: it works, and somebody should look. unknown: it could not be looked at. */
export type Verdict = 'ok' | 'attention' | 'broken' | 'unknown';

export interface Judgement {
  /** Name of what was looked at. */
  readonly subject: string;
  readonly verdict: Verdict;
  /** What was seen, and what to do about it. */
  readonly says: string;
}

export interface Around {
  readonly deployment: Deployment;
  readonly client: ClientOf;
  readonly network: Network;
  readonly now: Date;
}

export interface Check {
  readonly name: string;
  /** Needs no AWS credentials. */
  readonly public?: boolean;
  /** Whether there is something of the kind to look at. */
  readonly applies: (deployment: Deployment) => boolean;
  readonly look: (around: Around) => Promise<readonly Judgement[]>;
}

export const ok = (subject: string, says: string): Judgement => ({ subject, verdict: 'ok', says });
export const attention = (subject: string, says: string): Judgement => ({ subject, verdict: 'attention', says });
export const broken = (subject: string, says: string): Judgement => ({ subject, verdict: 'broken', says });

/** Nothing of it is there, which `npm run deploy` changes. */
export const absent = (subject: string): Judgement => broken(subject, 'does not exist: npm run deploy');
