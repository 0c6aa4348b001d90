/**
 * After `npm install`: npm scripts run on this project's Node, as its bin comes first in their PATH. npx puts it first
 * too, but what npx fetches runs on the Node it was called with: cdktf-cli holds native code for Node 20 and 22 only.
 */
import { chmod, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { platform } from 'node:process';

const bin = resolve(import.meta.dirname, '../node_modules/.bin/node');

// What Node compiles is kept, so that a command need not take the types out of 200 files each time.
// `npm_lifecycle_event` is npx in what npx starts. The folder of this file is taken out of the search, and the next
// node in PATH runs.
export const script = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
if [ "$npm_lifecycle_event" = npx ]; then
  rest=$(printf %s "$PATH" | tr : '\\n' | grep -vFx "$here" | paste -sd: -)
  other=$(PATH=$rest command -v node)
  if [ -n "$other" ]; then exec "$other" "$@"; fi
fi
export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE-$here/../.cache/countersign/compiled}"
exec "$here/../node/bin/node" "$@"
`;

if (platform !== 'win32' && import.meta.main) {
  await rm(bin, { force: true });
  await writeFile(bin, script);
  await chmod(bin, 0o755);
}
