/** A PostgreSQL server, through a pool of connections. */
import { type ClientConfig, type CustomTypesConfig, Pool, type PoolClient, types } from 'pg';
import type { TableName } from '../../../../contracts/tables.ts';
import type { TableEngine } from '../../ports/tables.ts';
import { StartError } from '../../start-error.ts';
import { shapesOf, type TableShape } from '../shape.ts';
import { tablesOn, unavailable } from '../tables.ts';
import { type Access, accessBySecret, accessByUrl, type ServerOptions } from './access.ts';
import { checkSchema, READ_ONLY } from './as-it-is.ts';
import type { Result, RunStatement, SqlClient, Statement } from './client.ts';
import { MigrationError } from './differ.ts';
import { migrateOnline, type Patience } from './migrate.ts';
import { toSchema } from './schema.ts';
import { PostgresBackend } from './tables.ts';

/** Milliseconds to wait for a connection, and for one statement, before the server counts as away. */
const CONNECT_MS = 5000;
const STATEMENT_MS = 10_000;

const JSONB = 3802;
const INT8 = 20;

const parsers: CustomTypesConfig = {
  getTypeParser: (type, format) => {
    if (type === JSONB) return (text: string) => text;
    return type === INT8 ? Number : types.getTypeParser(type, format);
  },
};

/** One name a statement text, so that each connection has the server prepare it once. */
const names = new Map<string, string>();
const nameOf = (text: string): string => {
  const name = names.get(text) ?? `countersign_${names.size + 1}`;
  names.set(text, name);
  return name;
};

const runOn =
  (client: Pick<PoolClient, 'query'>, prepared = true): RunStatement =>
  async ({ text, values }: Statement): Promise<Result> => {
    const { rows, rowCount } = await client.query<unknown[]>({
      ...(prepared ? { name: nameOf(text) } : {}),
      text,
      values: [...values],
      rowMode: 'array',
    });
    return { rows, count: rowCount ?? 0 };
  };

/** Ends the transaction either way, so that the connection can be used again; throws if it cannot. */
const within = async (run: RunStatement, work: (run: RunStatement) => Promise<boolean>): Promise<boolean> => {
  await run({ text: 'begin', values: [] });
  let holds = false;
  try {
    holds = await work(run);
  } catch (error) {
    await run({ text: 'rollback', values: [] });
    throw error;
  }
  await run({ text: holds ? 'commit' : 'rollback', values: [] });
  return holds;
};

const onPool = (pool: Pool, signIn: Access['signIn']): SqlClient => ({
  query: (statement) => signIn(() => runOn(pool)(statement)),
  transaction: async (work) => {
    const client = await signIn(() => pool.connect());
    let usable = false;
    try {
      const holds = await within(runOn(client), work);
      usable = true;
      return holds;
    } finally {
      // A connection in an unknown state is closed, not given to the next.
      client.release(!usable);
    }
  },
  close: () => pool.end(),
});

/** Migrations may take long, so they run on a connection without a time limit for statements. */
const migrateOver = async (
  { Client, config, signIn }: Access,
  shapes: readonly TableShape[],
  patience: Patience | undefined,
): Promise<void> => {
  const client = await signIn(async () => {
    const opening = new Client(config);
    // Its failure reaches the query that waits; an unheard 'error' event would end the process.
    opening.on('error', () => {});
    await opening.connect();
    return opening;
  });
  try {
    const run = runOn(client, false);
    const connection = {
      query: run,
      transaction: (work: (run: RunStatement) => Promise<boolean>) => within(run, work),
      close: async () => {},
    };
    await migrateOnline(connection, toSchema(shapes), patience);
  } finally {
    await client.end().catch(() => {});
  }
};

const refuse = (error: unknown): never => {
  throw error instanceof MigrationError || error instanceof StartError ? error : unavailable(error);
};

/** postgres://user:password@host:port/name, or a server and the secret to sign in to it with. */
type Server = { readonly url: string } | { readonly server: ServerOptions };
export type PostgresOptions = Server & {
  readonly now?: (() => Date) | undefined;
  /** Tables it makes and brings to this version. Default: all. */
  readonly tables?: readonly TableName[];
  /** How a change of the schema gives way. Default: see migrate.ts. */
  readonly patience?: Patience;
  /** Reads these tables only, and changes nothing, not even the schema. Default: reads and writes all. */
  readonly reads?: readonly TableName[] | undefined;
};

/**
 * Connects, and brings the schema to the contract, unless it only `reads`.
 * @throws MigrationError when that takes more than additions; StartError when open transactions hold its tables, or it
 * lacks what is to be read; store_unavailable when the server does not answer
 */
export const openPostgres = async (options: PostgresOptions): Promise<TableEngine> => {
  const access = 'url' in options ? accessByUrl(options.url) : await accessBySecret(options.server).catch(refuse);
  const config: ClientConfig = {
    ...access.config,
    application_name: 'countersign',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: parsers,
    ...(options.reads !== undefined && { options: `-c ${READ_ONLY}=on` }),
  };
  const { Client, signIn } = access;
  const shapes = shapesOf(options.reads ?? options.tables);
  if (options.reads === undefined)
    await migrateOver({ Client, signIn, config }, shapes, options.patience).catch(refuse);
  const pool = new Pool({ ...config, Client, query_timeout: STATEMENT_MS, max: 10 });
  // Idle connections that break are replaced; the next query finds out by itself.
  pool.on('error', () => {});
  // The pool listens to idle ones only. One that is lost between two statements of a transaction would end the process; its next
  // statement is refused.
  pool.on('connect', (client) => client.on('error', () => {}));
  if (options.reads !== undefined)
    try {
      await checkSchema(onPool(pool, signIn).query, toSchema(shapes));
    } catch (error) {
      await pool.end();
      refuse(error);
    }
  return tablesOn(new PostgresBackend(onPool(pool, signIn), shapes), options.now);
};
