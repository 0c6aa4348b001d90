/** A file that a command writes at its end is tried at its beginning. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReport } from './report-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-report-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('writes where there is a folder, also over what was there', async () => {
  const file = join(folder, 'a.md');
  await (await openReport('report', file))('one');
  await (await openReport('report', file))('two');
  expect(await readFile(file, 'utf8')).toBe('two');
});

it.each([
  ['none/a.md', 'there is no folder'],
  ['', 'it is a folder'],
])('refuses %j before anything is done', async (name, why) => {
  await expect(openReport('report', join(folder, name))).rejects.toMatchObject({
    name: 'UsageProblem',
    message: expect.stringContaining(why),
  });
});
