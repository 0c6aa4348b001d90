/** Files that a command writes besides what it prints. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageProblem } from './problem.ts';

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true;

/**
 * What writes the file. It is found out at once whether it can be, because the work before it may take long or cost money.
 * @throws UsageProblem naming the option
 */
export const openReport = async (option: string, file: string): Promise<(text: string) => Promise<void>> => {
  const refuse = (why: string): never => {
    throw new UsageProblem(`--${option} ${file} cannot be written: ${why}.`);
  };
  const folder = dirname(file);
  if (!(await isFolder(folder))) refuse(`there is no folder ${folder}`);
  if (await isFolder(file)) refuse('it is a folder');
  const there = (await stat(file).catch(() => undefined)) !== undefined;
  await access(there ? file : folder, constants.W_OK).catch(() => refuse('this user may not'));
  return (text) => writeFile(file, text);
};
