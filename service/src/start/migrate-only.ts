/**
 * `node server.js --migrate-only`: brings the store to this version and serves nothing. A deployment runs it once before
 * the first task of the version starts, so that no task waits for another one's migration and none is ready too early.
 */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { openTables } from './state.ts';

/** On DynamoDB, whose tables the platform makes, it reads from each. @throws MigrationError, StartError */
export const migrateOnly = async (config: Config, log: Logger): Promise<void> => {
  const began = Date.now();
  const tables = await openTables(config, () => new Date(), log);
  await tables.close();
  log.info({ store: config.STORE, ms: Date.now() - began }, 'the store is what this version needs');
};
