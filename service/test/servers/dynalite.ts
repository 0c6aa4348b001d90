import { createRequire } from 'node:module';
import { freePort, serve, type TestServer } from './server.ts';

/** A throwaway DynamoDB look-alike in memory. Quick, but it has no transactions and expires nothing. */
export const startDynalite = async (): Promise<TestServer> => {
  const cli = createRequire(import.meta.url).resolve('dynalite/cli.js');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const timing = ['--createTableMs', '0', '--updateTableMs', '0', '--deleteTableMs', '0'];
  const args = [cli, '--port', String(port), '--host', '127.0.0.1', ...timing];
  // Any HTTP answer will do: an unsigned request is refused with 400.
  const answers = () => fetch(url).then(() => true);
  return serve(url, { command: process.execPath, args, answers });
};
