/** Where the programs are that tests start but npm does not install, and what happens when one is missing. */
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** What to install for each program, for the message of a missing one. */
const packages = {
  initdb: 'Debian package postgresql',
  postgres: 'Debian package postgresql',
  'redis-server': 'Debian package redis-server',
  'prometheus-alertmanager': 'Debian package prometheus-alertmanager',
  moto_server: "pip install 'moto[server]'",
  terraform: 'https://developer.hashicorp.com/terraform/install',
} as const;
export type Program = keyof typeof packages;

/** Debian keeps the server's programs of each major version out of PATH; the newest comes first. */
const debianPostgres = async (): Promise<string[]> => {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(root, version, 'bin'));
};

/** @throws Error naming the package to install */
export const findProgram = async (program: Program): Promise<string> => {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...(await debianPostgres())];
  for (const folder of folders.filter((name) => name !== '')) {
    const path = join(folder, program);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  throw new Error(`${program} is not installed: ${packages[program]}`);
};

/**
 * Declares a block of tests that need these programs. Where one is missing, CI fails, and a developer sees the block
 * listed as to do, with the reason.
 */
export const describeWith = async (programs: readonly Program[], name: string, block: () => void): Promise<void> => {
  const missing = await Promise.all(programs.map((program) => findProgram(program))).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  if (missing === undefined || process.env.CI === 'true') describe(name, block);
  else it.todo(`${name}: NOT RUN, ${missing}`);
};
