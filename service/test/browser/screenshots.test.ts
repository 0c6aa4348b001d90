/** The story of docs/getting-started.md still runs, and the pictures in the guides are those it takes. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasBrowser } from './browser.ts';

const run = promisify(execFile);
const pngs = async (folder: string) => (await readdir(folder)).filter((name) => name.endsWith('.png')).toSorted();

(hasBrowser() ? it : it.skip)(
  'takes every picture of the guides',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-pictures-'));
    try {
      await run(process.execPath, ['scripts/screenshots.ts', folder]);
      const taken = await pngs(folder);
      expect(taken).toEqual(await pngs('docs/pictures'));
      for (const name of taken) {
        const picture = await readFile(join(folder, name));
        // PNG, 11.2.1: the width is the first field of the first chunk.
        expect([name, picture.readUInt32BE(16)]).toEqual([name, name.endsWith('-phone.png') ? 390 : 1280]);
        expect([name, picture.length < 150_000]).toEqual([name, true]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  180_000,
);
