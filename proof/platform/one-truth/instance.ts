/** Runs what an instance runs when it boots, as far as `docker run`, and tells what the container would be handed. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import type { ReadSecret } from './secret.ts';

const run = promisify(execFile);

/** Stand-ins for what is on an instance. docker writes the variables that it was told to hand on. */
const commands = {
  curl: 'echo i-0123',
  aws: 'case "$2" in get-secret-value) cat "$FOLDER/$(printf %s "$4" | sha256sum | cut -c1-64)" ;; *) echo password ;; esac',
  docker: `case "$1" in
  login) cat > /dev/null ;;
  run)
    while [ $# -gt 0 ]; do
      if [ "$1" = --env ] && [[ "$2" != *=* ]]; then printf '%s=%s\\0' "$2" "\${!2}" >> "$FOLDER/handed"; fi
      shift
    done ;;
esac`,
};

const arns = (script: string): string[] => [
  ...new Set([...script.matchAll(/arn:[\w-]+:secretsmanager:[^\s'"]+/g)].map(([arn]) => arn)),
];

export const instanceEnvironment = async (userData: string, read: ReadSecret): Promise<Record<string, string>> => {
  const script = /\/start-\S+ <<'END_OF_FILE'\n([\s\S]*?)\nEND_OF_FILE/.exec(userData)?.[1];
  if (script === undefined) throw new Error('the instance starts nothing');
  const folder = await mkdtemp(join(tmpdir(), 'one-truth-instance-'));
  try {
    for (const [name, body] of Object.entries(commands)) {
      await writeFile(join(folder, name), `#!/bin/bash\n${body}\n`);
      await chmod(join(folder, name), 0o755);
    }
    for (const arn of arns(script))
      await writeFile(join(folder, createHash('sha256').update(arn).digest('hex')), await read(arn));
    await writeFile(join(folder, 'start'), script);
    await run('bash', [join(folder, 'start')], { env: { PATH: `${folder}${delimiter}${env.PATH}`, FOLDER: folder } });
    const handed = await readFile(join(folder, 'handed'), 'utf8');
    const pairs = handed.split('\0').filter((pair) => pair !== '');
    return Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
};
