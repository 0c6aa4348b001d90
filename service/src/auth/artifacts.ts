/** Where the authorization server keeps clients, codes, grants, interactions, refresh tokens and its own sessions. */
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Row } from '../../../contracts/tables.ts';
import type { Config } from '../config.ts';
import type { Tables } from '../tables.ts';
import { artifactId, fromRest, toRest } from './artifact-at-rest.ts';
import { digest } from './digest.ts';
import type { Revoke } from './revocation.ts';
import type { Sealer } from './sealed.ts';

interface Parts {
  readonly tables: Tables;
  readonly revoke: Revoke;
  readonly sealer: Sealer;
  readonly config: Pick<Config, 'REFRESH_GRACE_SECONDS'>;
  readonly now: () => Date;
}

type Artifact = Row<'oauth-artifacts'>;

const table = 'oauth-artifacts';
// Clients that refresh in parallel, such as several windows of one editor, do so a few times and not more.
const graceUses = 3;

const pointerId = (uid: string): string => `SessionPointer/${digest(uid)}`;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** One instance a kind of record, as the authorization server asks. */
export const createArtifacts =
  (parts: Parts) =>
  (model: string): Adapter => {
    const { tables, revoke, sealer, config, now } = parts;
    const key = (id: string) => ({ artifactId: artifactId(model, id) });
    const seconds = () => Math.floor(now().getTime() / 1000);
    const inGrace = ({ consumedAt, graceUses: used = 0 }: Artifact): boolean =>
      model === 'RefreshToken' &&
      consumedAt !== undefined &&
      seconds() - consumedAt <= config.REFRESH_GRACE_SECONDS &&
      used < graceUses;
    const payloadOf = (row: Artifact, id: string): AdapterPayload => ({
      ...fromRest(model, id, row.payload, sealer),
      ...(row.consumedAt !== undefined && !inGrace(row) && { consumed: row.consumedAt }),
    });

    return {
      async upsert(id, payload, expiresIn) {
        const uid = text(payload.uid);
        const grantId = text(payload.grantId);
        const row: Artifact = {
          ...key(id),
          model,
          ...(grantId !== undefined && { grantId }),
          payload: toRest(model, id, payload, sealer),
          // A client that is forgotten meets a dead end at its next sign-in, so clients stay.
          ...(model !== 'Client' && expiresIn !== undefined && { expirationTime: seconds() + expiresIn }),
        };
        if (uid === undefined) await tables.put(table, row);
        else await putWithPointer(row, uid);
      },
      async find(id) {
        const row = await tables.get(table, key(id));
        return row && payloadOf(row, id);
      },
      async findByUid(uid) {
        const pointer = await tables.get(table, { artifactId: pointerId(uid) });
        const row = pointer && (await tables.get(table, { artifactId: String(pointer.payload) }));
        // What is found this way is only compared; the id stays unknown.
        return row && payloadOf(row, '');
      },
      async findByUserCode() {
        return undefined;
      },
      /** First writer wins: of several redeemers of one code, or of one refresh token after its grace, one goes on. */
      async consume(id) {
        const row = await tables.get(table, key(id));
        if (!row) throw new errors.InvalidGrant('not found');
        const first = { model, consumedAt: undefined };
        if (row.consumedAt === undefined && (await tables.put(table, { ...row, consumedAt: seconds() }, first))) return;
        if (!(await reuse(id))) throw new errors.InvalidGrant('already consumed');
      },
      async destroy(id) {
        await tables.remove(table, key(id));
      },
      async revokeByGrantId(grantId) {
        await revoke(grantId);
        for (;;) {
          const { items } = await tables.query(table, { index: 'grantId-index', partition: grantId });
          const mine = items.filter((row) => row.model === model);
          await Promise.all(mine.map(({ artifactId: id }) => tables.remove(table, { artifactId: id })));
          // An index may still show what was just removed; the grant is revoked either way.
          if (mine.length < 100) return;
        }
      },
    };

    /**
     * A session is looked up by its uid right after it was saved, when an index may not show it yet; a row of its own
     * leads there at once.
     */
    async function putWithPointer(row: Artifact, uid: string): Promise<void> {
      const { expirationTime } = row;
      const pointer: Artifact = {
        artifactId: pointerId(uid),
        model: 'SessionPointer',
        payload: row.artifactId,
        ...(expirationTime !== undefined && { expirationTime }),
      };
      await tables.transact([
        { kind: 'put', table, row },
        { kind: 'put', table, row: pointer },
      ]);
    }

    /** Counts one more use inside the grace window. The window does not slide: consumedAt stays. */
    async function reuse(id: string): Promise<boolean> {
      for (;;) {
        const row = await tables.get(table, key(id));
        if (!row || !inGrace(row)) return false;
        const counted = { ...row, graceUses: (row.graceUses ?? 0) + 1 };
        if (await tables.put(table, counted, { model, graceUses: row.graceUses })) return true;
      }
    }
  };
