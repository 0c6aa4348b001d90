/** Where the authorization server keeps clients, codes, grants, interactions, refresh tokens and its own sessions. */
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Row } from '../../../contracts/tables.ts';
import type { Config } from '../config.ts';
import type { Tables } from '../ports/tables.ts';
import { artifactId, fromRest, toRest } from './artifact-at-rest.ts';
import { createConsumption } from './consumption.ts';
import { secretDigest } from './digest.ts';
import { unusedSeconds } from './registrations.ts';
import type { Sealer } from './sealed.ts';
import type { Secrets } from './secrets.ts';

interface Parts {
  readonly tables: Tables;
  /** Ends a grant, in the request that is under way. */
  readonly revoke: (grantId: string) => Promise<void>;
  readonly sealer: Sealer;
  readonly successorOf: Secrets['successorOf'];
  readonly config: Pick<Config, 'REFRESH_GRACE_SECONDS'>;
  readonly now: () => Date;
}

type Artifact = Row<'oauth-artifacts'>;

const table = 'oauth-artifacts';
const pageRows = 100;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const pointerId = (uid: string): string => `SessionPointer/${secretDigest(uid)}`;

/**
 * A session is looked up by its uid right after it was saved, when an index may not show it yet; a row of its own leads
 * there at once.
 */
const putWithPointer = async (tables: Tables, row: Artifact, uid: string): Promise<void> => {
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
};

const removeOfGrant = async (tables: Tables, model: string, grantId: string): Promise<void> => {
  for (;;) {
    const { items } = await tables.query(table, { index: 'grantId-index', partition: grantId, limit: pageRows });
    const mine = items.filter((row) => row.model === model);
    await Promise.all(mine.map(({ artifactId: id }) => tables.remove(table, { artifactId: id })));
    // An index may still show what was just removed; the grant is revoked either way.
    if (mine.length < pageRows) return;
  }
};

/** One instance a kind of record, as the authorization server asks. */
export const createArtifacts =
  (parts: Parts) =>
  (model: string): Adapter => {
    const { tables, revoke, sealer, now } = parts;
    const seconds = () => Math.floor(now().getTime() / 1000);
    const consumption = createConsumption(model, parts);
    const payloadOf = async (row: Artifact, id: string): Promise<AdapterPayload> => ({
      ...fromRest(model, id, row.payload, sealer),
      ...((await consumption.isOver(row, id)) && { consumed: row.consumedAt }),
    });
    return {
      async upsert(id, payload, expiresIn) {
        const uid = text(payload.uid);
        const grantId = text(payload.grantId);
        const life = model === 'Client' ? unusedSeconds : expiresIn;
        const row: Artifact = {
          artifactId: artifactId(model, id),
          model,
          ...(grantId !== undefined && { grantId }),
          payload: toRest(model, id, payload, sealer),
          ...(life !== undefined && { expirationTime: seconds() + life }),
        };
        if (uid !== undefined) await putWithPointer(tables, row, uid);
        // A successor that is handed out again may have been used meanwhile, and must stay so.
        else if (model === 'RefreshToken') await tables.insert(table, row);
        else await tables.put(table, row);
      },
      async find(id) {
        const row = await tables.get(table, { artifactId: artifactId(model, id) });
        return row && payloadOf(row, id);
      },
      async findByUid(uid) {
        const pointer = await tables.get(table, { artifactId: pointerId(uid) });
        const row = pointer && (await tables.get(table, { artifactId: String(pointer.payload) }));
        // What is found this way is only compared; the id stays unknown.
        return row && payloadOf(row, '');
      },
      // Of the device flow, which is off.
      findByUserCode: async () => undefined,
      async consume(id) {
        if (!(await consumption.consume(id))) throw new errors.InvalidGrant('already consumed');
      },
      async destroy(id) {
        await tables.remove(table, { artifactId: artifactId(model, id) });
      },
      async revokeByGrantId(grantId) {
        await revoke(grantId);
        await removeOfGrant(tables, model, grantId);
      },
    };
  };
