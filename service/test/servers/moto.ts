import { forksOf } from './forks.ts';
import { findProgram } from './programs.ts';
import { freePort, serve, type TestServer } from './server.ts';

/** A throwaway stand-in for the AWS APIs. Credentials may be anything; POST <url>/moto-api/reset empties it. */
export const startMoto = async (): Promise<TestServer> => {
  const command = await findProgram('moto_server');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const answers = () => fetch(`${url}/moto-api/data.json`).then((response) => response.ok);
  const args = ['-H', '127.0.0.1', '-p', String(port)];
  const socket = forksOf('plain');
  const fork = socket === undefined ? undefined : { socket, what: { program: 'moto_server', args, env: process.env } };
  return serve(url, { command, args, fork, answers });
};
