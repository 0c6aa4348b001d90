/** `notify` as packs are lent it. */
import { z } from 'zod';
import type { Jobs } from '../ports/jobs.ts';
import type { Notify } from '../ports/notify.ts';
import { type FindParts, findRecipient } from './find-recipient.ts';
import { NoticeCause } from './work.ts';
import { causeKey, TELL } from './workers.ts';

const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[^\r\n]*$/, 'must be one line');

/** What is wrong here is a mistake in the pack, so it says so at once. */
const Wording = z.object({
  key: z.string().min(1).max(300),
  headline: line(150),
  about: z.string().optional(),
  facts: z.array(z.object({ label: line(60), value: z.string() })).max(10),
  // A path of this service: `//host` and `/\\host` are other hosts to a browser.
  link: z.object({
    label: line(75),
    path: z.string().regex(/^\/(?![/\\])[^\s\\]*$/, 'must be a path of this service'),
  }),
});

interface Parts extends FindParts {
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly now: () => Date;
}

/** @param pack whose notices they are: two packs may use one key */
export const packNotify = (parts: Parts, pack: string): Notify => ({
  find: (written, scope) => findRecipient(parts, written, scope),
  async tell({ scope, personId, to, security = false, urgent = false, facts = [], ...words }) {
    const { about, ...wording } = Wording.parse({ ...words, facts });
    const message = {
      pack,
      ...wording,
      ...(about === undefined ? {} : { about }),
      ...{ scope, security, urgent },
      ...(personId === undefined ? {} : { personId }),
      at: parts.now().toISOString(),
    };
    const cause = NoticeCause.parse(
      to === undefined ? { of: 'pack', ...message } : { of: 'addressed', ...message, to: { ...to } },
    );
    await parts.jobs.enqueue({ worker: TELL, payload: cause, key: causeKey(cause) });
  },
});
