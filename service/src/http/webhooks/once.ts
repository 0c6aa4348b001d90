/** Takes each message once, whatever number of tasks it reaches and however often it is sent. */
import { createHash, randomUUID } from 'node:crypto';
import type { Tables } from '../../ports/tables.ts';

/** Seconds that a message belongs to whoever began with it; after that another may, because the first is gone. */
const TAKER_SECONDS = 60;
/** Seconds that a message is known: longer than senders go on with one (specification, "Retry schedule": three days). */
const KNOWN_SECONDS = 7 * 86_400;
const table = 'webhook-messages';

export interface Taken {
  /** It was dealt with: sent again, it is acknowledged and nothing else. */
  done(): Promise<void>;
  /** It was not: sent again, it is new. */
  failed(): Promise<void>;
}

/** known: dealt with before. under-way: somebody deals with it now. other-body: its id was another message's. */
export type Begun = Taken | 'known' | 'under-way' | 'other-body';

/** @throws store_unavailable, not_home */
export type BeginOnce = (path: string, id: string, body: Uint8Array) => Promise<Begun>;

export const createOnce =
  ({ tables, now }: { readonly tables: Tables; readonly now: () => Date }): BeginOnce =>
  async (path, id, body) => {
    const messageKey = `${path} ${id}`;
    const taker = randomUUID();
    const at = now();
    const epoch = Math.floor(at.getTime() / 1000);
    const row = {
      messageKey,
      taker,
      done: false,
      bodyHash: createHash('sha256').update(body).digest('hex'),
      receivedAt: at.toISOString(),
      expirationTime: epoch + TAKER_SECONDS,
    };
    if (await tables.insert(table, row))
      return {
        done: async () => {
          await tables.put(table, { ...row, done: true, expirationTime: epoch + KNOWN_SECONDS }, { taker });
        },
        failed: async () => {
          await tables.remove(table, { messageKey }, { taker });
        },
      };
    const known = await tables.get(table, { messageKey });
    if (known !== undefined && known.bodyHash !== row.bodyHash) return 'other-body';
    return known?.done === true ? 'known' : 'under-way';
  };
