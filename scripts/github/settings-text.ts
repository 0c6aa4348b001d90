/** Changes one setting in the text of an environment's file, and leaves everything else in it as it stands. */
import { isDeepStrictEqual } from 'node:util';
import { readDocument } from '../../modules/tfvars/read.ts';
import { OperatorProblem } from '../platform/problem.ts';

/** Settings beside which a reader looks for a new one, the nearest first. */
const neighbours: Readonly<Record<string, readonly string[]>> = {
  image_blue: ['image_green', 'container_image'],
  image_green: ['image_blue', 'container_image'],
  container_image: ['container'],
  active_colour: ['blue_green'],
};

const inJson = (text: string, name: string, value: string): string =>
  `${JSON.stringify({ ...(JSON.parse(text) as object), [name]: value }, null, 2)}\n`;

const lineWith = (lines: readonly string[], at: number | undefined): string | undefined =>
  at === undefined ? undefined : lines[at - 1];

const inHcl = (text: string, name: string, value: string, lineOf: (setting: string) => number | undefined): string => {
  const lines = text.split('\n');
  const ending = text.includes('\r\n') ? '\r' : '';
  const at = lineOf(name);
  const own = lineWith(lines, at);
  if (at !== undefined && own !== undefined) {
    const [start = ''] = /^\s*[\w"]+\s*=\s*/.exec(own) ?? [];
    // A comment on the old value need not be true of the new one.
    lines[at - 1] = `${start}${JSON.stringify(value)}${ending}`;
    return lines.join('\n');
  }
  const beside = (neighbours[name] ?? []).map(lineOf).find((line) => line !== undefined);
  const equals = (lineWith(lines, beside) ?? '').indexOf('=');
  const line = `${name.padEnd(Math.max(equals, name.length + 1))}= ${JSON.stringify(value)}${ending}`;
  if (beside === undefined) return `${text.replace(/\r?\n?$/, `${ending}\n`)}${line}\n`;
  lines.splice(beside, 0, line);
  return lines.join('\n');
};

/**
 * @param file path from the root of the repository
 * @param name of a setting whose value is a text
 * @throws OperatorProblem where the text cannot be changed without changing something else
 */
export const withSetting = async (file: string, text: string, name: string, value: string): Promise<string> => {
  const { raw, lines } = await readDocument(file, text);
  if (raw[name] === value) return text;
  const lineOf = await lines();
  const changed = file.endsWith('.json')
    ? inJson(text, name, value)
    : inHcl(text, name, value, (setting) => (Object.hasOwn(raw, setting) ? lineOf(setting) : undefined));
  const read = await readDocument(file, changed).catch(() => undefined);
  if (read === undefined || !isDeepStrictEqual(read.raw, { ...raw, [name]: value }))
    throw new OperatorProblem(`${file} cannot be changed by itself: write ${name} = ${JSON.stringify(value)} there.`);
  return changed;
};
