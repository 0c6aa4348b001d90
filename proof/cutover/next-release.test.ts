import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../modules/testing/synthesized.ts';
import { edited, laterReleases } from './next-release.ts';

// Without this, an edit that no longer fits shows as a task of the cutover that never answers.
it.each(laterReleases.next)('the later release changes $file where it says $find', async (edit) => {
  const text = await readFile(join(repository, edit.file), 'utf8');
  expect(edited(text, edit)).not.toBe(text);
});
