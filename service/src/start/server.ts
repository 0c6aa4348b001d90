/** The process: configuration, a listener, signals. Everything else is in start.ts and assemble.ts. */
import { demoPeople } from '../auth/people.ts';
import { parseConfig } from '../config.ts';
import { StartError } from '../start-error.ts';
import { openLogger } from '../telemetry/logger.ts';
import { drainOnSignals } from './drain.ts';
import { migrateOnly } from './migrate-only.ts';
import { type Running, start } from './start.ts';
import { unknownVariables } from './unknown-variables.ts';
import { welcome } from './welcome.ts';

/** Errors whose messages are written for whoever operates the service. */
const forOperators = new Set(['ConfigError', 'StartError', 'PolicyError', 'MigrationError']);
/** What they can mend says so without a stack; the log may not exist yet. */
const tell = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return forOperators.has(error.name) ? error.message : (error.stack ?? error.message);
};

/** What a newcomer finds. The service works without it. */
const demonstrate = async ({ access, packs, log }: Running): Promise<void> => {
  const stories = packs.each.flatMap(({ pack }) => pack.demonstrates ?? []);
  await access
    .demonstrate(stories, demoPeople)
    .catch((err: unknown) => log.warn({ err }, 'what packs demonstrate of access to accounts could not be played'));
};

const serve = async (): Promise<void> => {
  const running = await start(parseConfig(process.env));
  const { config, log } = running;
  for (const { name, nearest } of unknownVariables(process.env))
    log.warn({ variable: name, nearest }, 'this variable is not one of this service and is ignored');
  drainOnSignals(running, config);
  if (!config.DEMO_PEOPLE) return;
  await demonstrate(running);
  process.stdout.write(welcome(config));
};

const migrate = (): Promise<void> => {
  const config = parseConfig(process.env);
  return migrateOnly(config, openLogger(config));
};

try {
  const given = process.argv.slice(2);
  // A task that was to migrate only must not serve because of a misspelt argument.
  if (given.length > 0 && given.join(' ') !== '--migrate-only')
    throw new StartError(`The service takes one argument, --migrate-only, and not ${given.join(' ')}.`);
  await (given.length > 0 ? migrate() : serve());
} catch (error) {
  process.stderr.write(`${tell(error)}\n`);
  process.exitCode = 1;
}
