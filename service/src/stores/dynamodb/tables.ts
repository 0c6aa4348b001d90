/** The tables on DynamoDB. */
import { DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { packNames } from '../../../../contracts/packs/index.ts';
import { deployedTables, type TableName } from '../../../../contracts/tables.ts';
import type { TableEngine } from '../../ports/tables.ts';
import { StartError } from '../../start-error.ts';
import type { Backend, KeyRange, Step, Stored } from '../backend.ts';
import { shapes, type TableShape } from '../shape.ts';
import { tablesOn } from '../tables.ts';
import { absentCondition, presentCondition, readExpression, startKey, updateExpression } from './expressions.ts';
import { checkTransaction, fromItem, type Item, isSame, toItem } from './items.ts';
import { clamp } from './range.ts';
import { settle } from './settle.ts';

/** Milliseconds to wait for a connection, and for one answer, before the SDK tries again. */
const CONNECT_MS = 2000;
const REQUEST_MS = 3000;
/** An emulator is slower, and may not know a transaction again that is sent twice. */
const EMULATOR_REQUEST_MS = 20_000;

export interface DynamoOptions {
  /** Put before the contract's table names. */
  readonly prefix: string;
  readonly region: string;
  /** An emulator's. */
  readonly endpoint?: string;
  /** Tables that must be there before it counts as ready. Default: all that the platform makes. */
  readonly tables?: readonly TableName[];
  readonly now?: () => Date;
}

export const connect = ({ region, endpoint }: DynamoOptions): DynamoDBClient =>
  new DynamoDBClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: endpoint === undefined ? REQUEST_MS : EMULATOR_REQUEST_MS,
      throwOnRequestTimeout: true,
    },
  });

/** A write as both a command of its own and a transaction take it. `item` is what the row is then. */
type Prepared =
  | { readonly kind: 'Put'; readonly item: Item; readonly input: { TableName: string; Item: Item } }
  | { readonly kind: 'Update'; readonly item: Item; readonly input: { TableName: string; Key: Item } }
  | { readonly kind: 'Delete'; readonly item?: undefined; readonly input: { TableName: string; Key: Item } };

class DynamoBackend implements Backend {
  readonly #client: DynamoDBDocumentClient;
  readonly #prefix: string;
  /** Tables that have never answered. */
  readonly #unseen: Set<TableName>;

  constructor(options: DynamoOptions) {
    this.#client = DynamoDBDocumentClient.from(connect(options), { marshallOptions: { removeUndefinedValues: true } });
    this.#prefix = options.prefix;
    this.#unseen = new Set(options.tables ?? deployedTables(packNames));
  }

  #table(shape: TableShape): string {
    return `${this.#prefix}${shape.name}`;
  }

  async get(shape: TableShape, key: Stored, at: number): Promise<Stored | undefined> {
    const { Item: item } = await this.#client.send(
      new GetCommand({ TableName: this.#table(shape), Key: key, ConsistentRead: true }),
    );
    const ttl = shape.contract.ttl === undefined ? undefined : item?.[shape.contract.ttl];
    return item === undefined || (ttl !== undefined && ttl <= at) ? undefined : fromItem(shape, item);
  }

  async #prepare(step: Step, at: number): Promise<Prepared> {
    const { kind, shape } = step;
    const TableName = this.#table(shape);
    const Key = { ...step.key };
    if (kind === 'remove')
      return { kind: 'Delete', input: { TableName, Key, ...presentCondition(shape, step.expect ?? {}, at) } };
    const item = await toItem(shape, step.row);
    // A new row replaces what is past its TTL whole; one that is written again keeps what this version does not know.
    if (kind === 'insert')
      return { kind: 'Put', item, input: { TableName, Item: item, ...absentCondition(shape, at) } };
    return { kind: 'Update', item, input: { TableName, Key, ...updateExpression(shape, item, step.expect, at) } };
  }

  async write(steps: readonly Step[], at: number): Promise<boolean> {
    const prepared = await Promise.all(steps.map((step) => this.#prepare(step, at)));
    const [step, only] = [steps[0], prepared[0]];
    if (prepared.length === 1 && step !== undefined && only !== undefined)
      return settle(
        () => this.#writeOne(only),
        () => this.#isWritten(step, only),
      );
    checkTransaction(prepared.map((one) => one.item ?? one.input.Key));
    // The SDK gives each transaction a token, by which one that is sent again is known to have been done.
    const TransactItems = prepared.map(({ kind, input }) => ({ [kind]: input }));
    return settle(() => this.#client.send(new TransactWriteCommand({ TransactItems })));
  }

  async #writeOne({ kind, input }: Prepared): Promise<void> {
    if (kind === 'Put') await this.#client.send(new PutCommand(input));
    else if (kind === 'Update') await this.#client.send(new UpdateCommand(input));
    else await this.#client.send(new DeleteCommand(input));
  }

  /** Of a removal nobody can tell afterwards whose it was: it counts as not done, which is the safe answer. */
  async #isWritten({ shape, key }: Step, { item: written }: Prepared): Promise<boolean> {
    if (written === undefined) return false;
    const { Item: item } = await this.#client.send(
      new GetCommand({ TableName: this.#table(shape), Key: key, ConsistentRead: true }),
    );
    return item !== undefined && isSame(shape, item, written);
  }

  async read(range: KeyRange, at: number): Promise<Stored[]> {
    const clamped = clamp(range);
    if (clamped === undefined) return [];
    const items: Record<string, unknown>[] = [];
    let from = clamped.after && startKey(clamped, clamped.after);
    // A page ends at 1 MB, and expired rows count towards its limit.
    do {
      const { Items = [], LastEvaluatedKey } = await this.#readPage(clamped, clamped.limit - items.length, from, at);
      items.push(...Items);
      from = LastEvaluatedKey;
    } while (from !== undefined && items.length < clamped.limit);
    return Promise.all(items.map((item) => fromItem(range.shape, item)));
  }

  #readPage(range: KeyRange, limit: number, from: Record<string, unknown> | undefined, at: number) {
    const input = {
      TableName: this.#table(range.shape),
      ...readExpression(range, at),
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      Limit: limit,
    };
    if (range.partition === undefined) return this.#client.send(new ScanCommand({ ...input, ConsistentRead: true }));
    // Only the table itself can be read consistently.
    const where = range.index === undefined ? { ConsistentRead: true } : { IndexName: range.index };
    return this.#client.send(new QueryCommand({ ...input, ...where, ScanIndexForward: !range.descending }));
  }

  /** DynamoDB deletes rows past their TTL by itself. */
  async sweep(): Promise<number> {
    return 0;
  }

  /** Reads of every table until each has answered once: a version may need one that nobody made yet. Of one from then on. */
  async ping(): Promise<void> {
    const asked = this.#unseen.size > 0 ? [...this.#unseen] : (['audit-heads'] as const);
    const missing = (await Promise.all(asked.map((name) => this.#isMissing(name)))).filter(
      (name) => name !== undefined,
    );
    if (missing.length > 0)
      throw new StartError(
        `DynamoDB has no ${missing.join(', ')}, which this version needs. Make what is missing (npm run deploy), then start again; look at AWS_REGION and TABLE_PREFIX if it is there.`,
      );
  }

  /** One read that finds nothing, for half a read unit. Resolves to the name of a table that is not there. */
  async #isMissing(name: TableName): Promise<string | undefined> {
    const TableName = this.#table(shapes[name]);
    const Key = Object.fromEntries(shapes[name].key.map((attribute) => [attribute, 'ping']));
    try {
      await this.#client.send(new GetCommand({ TableName, Key }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return TableName;
      throw error;
    }
    this.#unseen.delete(name);
    return undefined;
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }
}

/** Tables that exist already: see createDynamoTables. Credentials come from the AWS SDK's usual places. */
export const openDynamoTables = (options: DynamoOptions): TableEngine =>
  tablesOn(new DynamoBackend(options), options.now);
