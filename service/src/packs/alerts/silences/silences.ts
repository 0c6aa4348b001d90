/** The silences that are kept: one object each, also of those that are over, until they are removed. */
import type { Logger } from 'pino';
import type { Objects } from '../../../ports/objects.ts';
import { Silence } from '../model/silence.ts';
import { createDocuments, type Documents } from '../store/documents.ts';
import { type Silencing, silencingAt } from './silencing.ts';

export interface Silences extends Pick<Documents<Silence>, 'get' | 'put' | 'remove'> {
  /** Whatever their state. */
  all(): Promise<readonly Silence[]>;
  /**
   * What is silenced now.
   * @example const ids = (await silences.now()).of(alert).map(({ silence_id }) => silence_id);
   */
  now(): Promise<Silencing>;
}

export const createSilences = (objects: Objects, log: Logger, now: () => Date): Silences => {
  const documents = createDocuments({ objects, log }, 'configs/silences/', Silence);
  const all = async () => (await documents.all()).map(([, silence]) => silence);
  return { ...documents, all, now: async () => silencingAt(await all(), now()) };
};
