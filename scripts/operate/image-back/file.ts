/** The settings say what runs: the image is written into the environment's file, which is then committed. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../platform/command.ts';
import { type Operated, openOperated } from '../operated.ts';

const lineOf = (setting: string): RegExp => new RegExp(`^(\\s*${setting}\\s*=\\s*)"[^"\\n]*"`, 'm');

/** The file with another image in it; undefined where it does not say in one line which it is. */
export const withImage = (text: string, image: string): string | undefined => {
  const setting = ['image_blue', 'container_image'].find((each) => lineOf(each).test(text));
  // A function, because `$` in an image's name would mean something in a replacement string.
  return setting === undefined
    ? undefined
    : text.replace(lineOf(setting), (_line, start: string) => `${start}"${image}"`);
};

/**
 * Writes the image into the file, where the settings then say so in every region; leaves the file as it was otherwise.
 * Answers whether they say so.
 */
export const writeImage = async (host: Host, { environment, file }: Operated, image: string): Promise<boolean> => {
  const path = join(host.root, file);
  const says = async () => {
    const { deployments } = await openOperated({ ...host, err: () => {} }, { environment });
    return deployments.every(({ settings }) => settings.image_blue === image);
  };
  if (await says()) return true;
  const before = await readFile(path, 'utf8');
  const after = withImage(before, image);
  if (after === undefined) return false;
  await writeFile(path, after);
  if (await says()) return true;
  await writeFile(path, before);
  return false;
};
