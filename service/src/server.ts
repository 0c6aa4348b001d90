/** The process: configuration, a listener, signals. Everything else is in start.ts and assemble.ts. */
import { parseConfig } from './config.ts';
import { drainOnSignals } from './drain.ts';
import { start } from './start.ts';
import { unknownVariables } from './unknown-variables.ts';
import { welcome } from './welcome.ts';

/** Errors whose messages are written for whoever operates the service. */
const forOperators = new Set(['ConfigError', 'StartError', 'PolicyError', 'MigrationError']);
/** What they can mend says so without a stack; the log may not exist yet. */
const tell = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return forOperators.has(error.name) ? error.message : (error.stack ?? error.message);
};

try {
  const running = await start(parseConfig(process.env));
  const { config, log } = running;
  for (const { name, nearest } of unknownVariables(process.env))
    log.warn({ variable: name, nearest }, 'this variable is not one of this service and is ignored');
  drainOnSignals(running, config);
  if (config.ESTATE === 'sandbox') process.stdout.write(welcome(config));
} catch (error) {
  process.stderr.write(`${tell(error)}\n`);
  process.exitCode = 1;
}
