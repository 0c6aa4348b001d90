/** Opens the stores that the configuration names. With server.ts the only file that knows the engines. */
import type { Logger } from 'pino';
import { deployedTables, type TableName, tablesOf } from '../../../contracts/tables.ts';
import type { Config } from '../config.ts';
import { type HomeWatch, watchHome } from '../home/home.ts';
import type { EphemeralEngine } from '../ports/ephemeral.ts';
import type { TableEngine } from '../ports/tables.ts';
import { startStep } from '../start-error.ts';

export interface ServiceState {
  readonly tables: TableEngine;
  readonly ephemeral: EphemeralEngine;
  /** No other process can use these tables. */
  readonly exclusive: boolean;
  /** Where this service is one of several regions': which of them may write. `tables` refuse writes elsewhere. */
  readonly home?: HomeWatch;
}

const required = (value: string | undefined, variable: string): string => {
  if (value === undefined) throw new Error(`${variable} is required`);
  return value;
};

const postgresOf = (config: Config) => {
  if (config.DATABASE_HOST === undefined) return { url: required(config.DATABASE_URL, 'DATABASE_URL') };
  return {
    server: {
      host: config.DATABASE_HOST,
      port: config.DATABASE_PORT,
      database: required(config.DATABASE_NAME, 'DATABASE_NAME'),
      tls: config.DATABASE_TLS,
      caFile: config.DATABASE_CA_FILE,
      secret: {
        arn: required(config.DATABASE_SECRET_ARN, 'DATABASE_SECRET_ARN'),
        region: required(config.AWS_REGION, 'AWS_REGION'),
        endpoint: config.AWS_ENDPOINT_URL,
      },
    },
  };
};

// Engines are imported when they are used: a start pays for one of them, and the bundle splits along the same lines.
const openEngine = async (
  config: Config,
  now: () => Date,
  { log, reads }: { readonly log?: Pick<Logger, 'fatal'> | undefined; readonly reads?: readonly TableName[] } = {},
): Promise<TableEngine> => {
  switch (config.STORE) {
    case 'embedded': {
      const { openEmbedded } = await import('../stores/postgres/embedded.ts');
      return openEmbedded({
        dataDir: config.DATA_DIR,
        tables: tablesOf(config.TOOL_PACKS),
        now,
        reads,
        onLost: (err) => log?.fatal({ err }, 'the store is lost'),
      });
    }
    case 'postgres': {
      const { openPostgres } = await import('../stores/postgres/server.ts');
      return openPostgres({ ...postgresOf(config), tables: tablesOf(config.TOOL_PACKS), now, reads });
    }
    case 'dynamodb': {
      const { openDynamoTables } = await import('../stores/dynamodb/tables.ts');
      return openDynamoTables({
        prefix: config.TABLE_PREFIX,
        region: required(config.AWS_REGION, 'AWS_REGION'),
        tables: deployedTables(config.TOOL_PACKS),
        now,
        ...(config.DYNAMODB_ENDPOINT === undefined ? {} : { endpoint: config.DYNAMODB_ENDPOINT }),
      });
    }
  }
};

const remedies: Readonly<Record<Config['STORE'], (config: Config) => readonly [because: string, remedy: string]>> = {
  embedded: ({ DATA_DIR }) => [`DATA_DIR ${DATA_DIR} cannot be used`, 'Choose a folder that this user may write to.'],
  postgres: ({ DATABASE_HOST }) =>
    DATABASE_HOST === undefined
      ? ['The database of DATABASE_URL cannot be used', 'Check that its server runs, and user and name.']
      : [
          'The database of DATABASE_HOST cannot be used',
          'Check that its server runs, that DATABASE_SECRET_ARN can be read and holds username and password, and that DATABASE_CA_FILE has the authority of its certificate.',
        ],
  dynamodb: () => [
    'DynamoDB cannot be used',
    'Check AWS_REGION, TABLE_PREFIX, DYNAMODB_ENDPOINT and the credentials of this process.',
  ],
};

/** Whether there is a store to open, for commands that must not make one. A server or a service is taken to be there. */
export const hasStore = async ({ STORE, DATA_DIR }: Config): Promise<boolean> =>
  STORE !== 'embedded' || (await import('../stores/postgres/database.ts')).hasDatabase(DATA_DIR);

const opened = (
  config: Config,
  answer: (tables: TableEngine) => Promise<unknown>,
  open: () => Promise<TableEngine>,
): Promise<TableEngine> =>
  startStep(...remedies[config.STORE](config), async () => {
    const tables = await open();
    try {
      await answer(tables);
      return tables;
    } catch (error) {
      await tables.close();
      throw error;
    }
  });

/** The tables alone, for commands. @throws StartError naming the variables when the engine does not answer */
export const openTables = (config: Config, now: () => Date, log?: Pick<Logger, 'fatal'>): Promise<TableEngine> =>
  opened(
    config,
    (tables) => tables.ping(),
    () => openEngine(config, now, { log }),
  );

/**
 * Some tables, to look at: PostgreSQL stays at the version that is in service, and refuses every write.
 * @throws StartError when the engine does not answer, or lacks what this version reads of them
 */
export const openToRead = (
  config: Config,
  now: () => Date,
  reads: readonly [TableName, ...TableName[]],
): Promise<TableEngine> =>
  opened(
    config,
    (tables) => tables.query(reads[0], { partition: 'nobody', limit: 1 }),
    () => openEngine(config, now, { reads }),
  );

/**
 * The tables of a copy, which holds those that can be restored and no others: none is asked for but that of audit heads.
 * @throws StartError naming the variables when the engine does not answer
 */
export const openCopy = (config: Config, now: () => Date): Promise<TableEngine> =>
  opened(
    config,
    (tables) => tables.get('audit-heads', { userId: 'nobody' }),
    () => openEngine(config, now),
  );

const openEphemeral = async (
  config: Config,
  log: Logger,
  clock: (() => Date) | undefined,
): Promise<EphemeralEngine> => {
  if (config.REDIS_URL === undefined)
    return (await import('../stores/memory/ephemeral.ts')).openMemoryEphemeral(
      clock === undefined ? {} : { now: clock },
    );
  return (await import('../stores/redis/ephemeral.ts')).openRedis({ url: config.REDIS_URL, log, clock });
};

/** @throws StartError where the home record cannot be read: whether this region may write must be known to begin */
const openHome = async (config: Config, log: Logger, now: () => Date): Promise<HomeWatch | undefined> => {
  const { HOME_REGION: initial, HOME_REGIONS: regions } = config;
  if (initial === undefined) return undefined;
  const region = required(config.AWS_REGION, 'AWS_REGION');
  const { openDynamoHome } = await import('../home/register.ts');
  const register = openDynamoHome({
    prefix: config.TABLE_PREFIX,
    region,
    regions,
    ...(config.DYNAMODB_ENDPOINT === undefined ? {} : { endpoint: config.DYNAMODB_ENDPOINT }),
  });
  const home = watchHome({ register, region, initial, now, log });
  const [because, remedy] = [
    `The table ${config.TABLE_PREFIX}home cannot be read in ${region}`,
    'Check TABLE_PREFIX, AWS_REGION, DYNAMODB_ENDPOINT and that the role of this process may read it.',
  ] as const;
  return startStep(because, remedy, async () => {
    await home.look();
    return home;
  });
};

/**
 * @param clock of everything, for tests; by default tables go by this process's and limits by that of Redis
 * @throws when the store cannot be opened; what was opened before is closed again
 */
export const openState = async (config: Config, log: Logger, clock?: () => Date): Promise<ServiceState> => {
  const now = clock ?? (() => new Date());
  const store = await openTables(config, now, log);
  try {
    const home = await openHome(config, log, now);
    const ephemeral = await openEphemeral(config, log, clock);
    const tables = home === undefined ? store : (await import('../home/guarded-tables.ts')).guardTables(store, home);
    return { tables, ephemeral, exclusive: config.STORE === 'embedded', ...(home === undefined ? {} : { home }) };
  } catch (error) {
    await store.close();
    throw error;
  }
};
