/** The process: configuration, a listener, signals. Everything else is in start.ts and assemble.ts. */
import { ConfigError, parseConfig } from './config.ts';
import { drainOnSignals } from './drain.ts';
import { start } from './start.ts';
import { welcome } from './welcome.ts';

try {
  const config = parseConfig(process.env);
  const running = await start(config);
  drainOnSignals(running, config);
  if (config.ESTATE === 'sandbox') process.stdout.write(welcome(config));
} catch (error) {
  // The log may not exist yet, and a person is likely to read this.
  const told =
    error instanceof ConfigError || !(error instanceof Error) ? String(error) : (error.stack ?? error.message);
  process.stderr.write(`${told.replace(/^ConfigError: /, '')}\n`);
  process.exitCode = 1;
}
