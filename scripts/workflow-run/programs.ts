/** For tests: the programs that a runner has and a step calls. Each call is written down; most are the real ones. */
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { repository } from '../../modules/testing/synthesized.ts';

/** A call of a stand-in, word by word. */
export type Call = readonly string[];

/** Bash by the name of an npm script, or of a file that node runs. Its arguments are those after the name. */
export interface Answers {
  readonly npm: Readonly<Record<string, string>>;
  readonly node?: Readonly<Record<string, string>>;
}

const recorded = (name: string): string => `printf '%s\\0' ${name} "$@" > "$STAND_INS/calls/$(date +%s%N)-$$"`;

const npm = `#!/bin/bash
${recorded('npm')}
if [ "$1" = run ]; then
  shift
  while [[ "$1" == --* ]]; do shift; done
fi
name="$1"
shift
if [ "$1" = -- ]; then shift; fi
if [ ! -f "$STAND_INS/npm/$name" ]; then
  echo "Nothing answers npm run $name: say in scripts/workflow-run/answers.ts what does." >&2
  exit 126
fi
exec bash -eo pipefail "$STAND_INS/npm/$name" "$@"
`;

const node = `#!/bin/bash
${recorded('node')}
name="$(basename "$1")"
if [ -f "$STAND_INS/node/$name" ]; then shift; exec bash -eo pipefail "$STAND_INS/node/$name" "$@"; fi
exec "$REAL_NODE" "$@"
`;

/** What is not on every machine that runs the tests. */
const others: Readonly<Record<string, string>> = {
  // Encrypts nothing, because the same run decrypts it again.
  gpg: `#!/bin/bash
${recorded('gpg')}
while [ $# -gt 0 ]; do
  case "$1" in
    --output) cat > "$2"; exit 0 ;;
    --decrypt) cat "$2"; exit 0 ;;
  esac
  shift
done
exit 2
`,
  // .ci/run is what runs these tests.
  sudo: `#!/bin/bash
${recorded('sudo')}
`,
  python3: `#!/bin/bash
${recorded('python3')}
mkdir -p .venv/bin
printf '#!/bin/bash\\n' > .venv/bin/pip
chmod +x .venv/bin/pip
`,
};

/** The folder of the stand-ins. */
export const placePrograms = async (folder: string, answers: Answers): Promise<void> => {
  for (const name of ['bin', 'calls', 'npm', 'node']) await mkdir(join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries({ npm, node, ...others })) {
    await writeFile(join(folder, 'bin', name), text);
    await chmod(join(folder, 'bin', name), 0o755);
  }
  for (const [name, text] of Object.entries(answers.npm)) await writeFile(join(folder, 'npm', name), text);
  for (const [name, text] of Object.entries(answers.node ?? {})) await writeFile(join(folder, 'node', name), text);
};

/** What was called so far, in its order. */
export const callsIn = async (folder: string): Promise<readonly Call[]> => {
  const files = (await readdir(join(folder, 'calls'))).sort();
  const read = files.map(async (name) =>
    (await readFile(join(folder, 'calls', name), 'utf8')).split('\0').slice(0, -1),
  );
  return Promise.all(read);
};

/** A checkout without copying: links to the repository's files. */
export const checkOut = async (workspace: string): Promise<void> => {
  for (const name of await readdir(repository)) {
    if (['.git', 'cdktf.out', 'dist'].includes(name)) continue;
    await symlink(join(repository, name), join(workspace, name)).catch((error: NodeJS.ErrnoException) => {
      // Checked out twice.
      if (error.code !== 'EEXIST') throw error;
    });
  }
};

/** Variables with which a step finds the stand-ins. */
export const programVariables = (folder: string): NodeJS.ProcessEnv => ({
  PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  STAND_INS: folder,
  REAL_NODE: process.execPath,
  ROOT: repository,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
});
