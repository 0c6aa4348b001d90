/** An estate of AWS whose calls are told by the names of their operations, and some of which are answered here. */
import type { TaggableType } from '../../../contracts/packs/tagging.ts';
import { createClients } from '../../src/packs/tagging/aws/clients.ts';
import { createAwsEstate } from '../../src/packs/tagging/aws/estate.ts';
import { defaultTimeouts } from '../../src/packs/tagging/aws/place.ts';
import { createSessions } from '../../src/packs/tagging/aws/sessions.ts';
import type { Estate, Slice } from '../../src/packs/tagging/estate/estate.ts';
import { east, home } from './moto-cloud.ts';
import { contextFor, countingMetrics } from './pack.ts';

/** What the wire says in place of the service. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

export interface OperationCall {
  /** As drivers name it. */
  readonly api: string;
  /** As the API's model names it: ListTables. */
  readonly operation: string;
  readonly region: string;
  readonly input: unknown;
}

export interface RecordedEstate {
  readonly estate: Estate;
  readonly calls: OperationCall[];
  /** Decides each call; undefined leaves it to the service. */
  answer: (call: OperationCall) => WireAnswer | undefined;
  /** Lists one type in one account, where it is told. */
  list(type: TaggableType, region?: string): Promise<Slice>;
}

interface Middlewares {
  add(middleware: unknown, options: unknown): void;
}
type Next = (args: Stepped) => Promise<unknown>;
interface Stepped {
  readonly input: unknown;
}

const stackOf = (client: object): Middlewares => Reflect.get(client, 'middlewareStack') as Middlewares;

/** @param regions of the estate. Default: us-east-1 */
export const openRecorded = (
  endpoint: string,
  types: readonly TaggableType[],
  { regions = [east], accounts = [home] }: { readonly regions?: string[]; readonly accounts?: string[] } = {},
): RecordedEstate => {
  const settings = { region: east, endpoint, accounts, regions, roleName: 'CrossAccountTagAuditRole' };
  const { metrics } = countingMetrics();
  const sessions = createSessions(settings, metrics, () => new Date(), defaultTimeouts.callMs);
  const real = createClients(settings, sessions);
  const watched = new WeakSet<object>();
  const calls: OperationCall[] = [];
  const watch = (client: object, api: string, region: string): void => {
    if (watched.has(client)) return;
    watched.add(client);
    const middleware =
      (next: Next, { commandName }: { readonly commandName: string }) =>
      async (args: Stepped): Promise<unknown> => {
        const call = { api, operation: commandName.replace(/Command$/, ''), region, input: args.input };
        calls.push(call);
        const answer = recorded.answer(call);
        if (answer === undefined) return next(args);
        const { status: statusCode, body } = answer;
        return { response: { statusCode, headers: {}, body: Buffer.from(body) } };
      };
    // Nearest to the wire: whatever reads answers reads these too.
    stackOf(client).add(middleware, { step: 'deserialize', priority: 'low', name: `recorded ${api}` });
  };
  const estate = createAwsEstate({
    sessions,
    metrics,
    timeouts: defaultTimeouts,
    settings,
    types,
    clients: {
      get: async (api, accountId, region) => {
        const client = await real.get(api, accountId, region);
        watch(client, api.name, region);
        return client;
      },
    },
  });
  const recorded: RecordedEstate = {
    estate,
    calls,
    answer: () => undefined,
    list: async (type, region = regions[0] ?? east) => {
      for await (const slice of estate.list({ accounts: [home], regions: [region], types: [type] }, contextFor()))
        return slice;
      throw new Error(`no slice of ${type}`);
    },
  };
  return recorded;
};
