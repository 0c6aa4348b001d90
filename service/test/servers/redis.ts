import { once } from 'node:events';
import { connect } from 'node:net';
import { findProgram } from './programs.ts';
import { freePort, serve, type TestServer } from './server.ts';

const answers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data', { signal: AbortSignal.timeout(2000) })) as [Buffer];
    return reply.toString().startsWith('+PONG');
  } finally {
    socket.destroy();
  }
};

/** A throwaway Redis that keeps nothing on disk. */
export const startRedis = async (): Promise<TestServer> => {
  const command = await findProgram('redis-server');
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  return serve(`redis://127.0.0.1:${port}`, { command, args, answers: () => answers(port) });
};
