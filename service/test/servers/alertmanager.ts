import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './programs.ts';
import { freePort, serve, type TestServer } from './server.ts';

/**
 * A throwaway Alertmanager that talks to no other.
 * @param config what stands in alertmanager.yml: YAML takes JSON
 */
export const startAlertmanager = async (config: object): Promise<TestServer> => {
  const command = await findProgram('prometheus-alertmanager');
  const [port, folder] = await Promise.all([freePort(), mkdtemp(join(tmpdir(), 'countersign-alertmanager-'))]);
  const url = `http://127.0.0.1:${port}`;
  const file = join(folder, 'alertmanager.yml');
  await writeFile(file, JSON.stringify(config));
  const args = [
    ...[`--config.file=${file}`, `--storage.path=${join(folder, 'data')}`],
    ...[`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address=', '--log.level=warn'],
  ];
  const answers = () => fetch(`${url}/-/ready`).then((response) => response.ok);
  return serve(url, { command, args, answers }, () => rm(folder, { recursive: true }));
};
