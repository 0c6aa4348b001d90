/** Reads a tfvars file in JSON. */
import type { SettingProblem } from '../../contracts/settings/problem.ts';
import { asMeant, DATA_ONLY, type Document, INTERPOLATES, interpolates, linesBy } from './document.ts';
import { unreadable } from './error.ts';
import { type Walked, walk } from './tree.ts';

const HOW = 'Write one object, such as { "project_name": "countersign" }.';

const parseJson = (file: string, text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      // Terraform takes a property of this name for a comment.
      const { '//': _comment, ...settings } = value as Record<string, unknown>;
      return settings;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const line = /line (\d+)/.exec(reason)?.[1];
    throw unreadable(file, line === undefined ? undefined : Number(line), `is no JSON: ${reason}. ${HOW}`, error);
  }
  throw unreadable(file, 1, `is JSON, but no object. ${HOW}`);
};

/** Texts that HCL would evaluate mean the same here. */
const interpolations = (value: unknown, path: readonly string[]): SettingProblem[] => {
  if (typeof value === 'string') return interpolates(value) ? [{ setting: path.join('.'), problem: INTERPOLATES }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [
    ...(interpolates(name)
      ? [{ setting: path.join('.'), problem: `has a name that is an expression; ${DATA_ONLY}` }]
      : []),
    ...interpolations(part, [...path, name]),
  ]);
};

/** What HCL reads otherwise than JSON, as underscores; every byte stays where it is. */
const plainTexts = (text: string): string =>
  text.replaceAll(/\\u[0-9a-f]{4}|\\.|[$%]\{/gi, (found) => '_'.repeat(found.length));

/** JSON with plain texts is an expression of HCL, whose tree has the lines that JSON.parse forgets. */
const walkJson = async (file: string, text: string): Promise<Walked> => {
  const walked: Walked = { lines: new Map(), problems: [] };
  const { getExpressionAst } = await import('@cdktf/hcl2json');
  const plain = plainTexts(text);
  const tree = await getExpressionAst(file, plain).catch(() => null);
  if (tree?.type === 'object') walk(tree, '', Buffer.from(plain), walked);
  return walked;
};

/** @throws EnvironmentError where it is no object of JSON */
export const readJson = async (file: string, text: string): Promise<Document> => {
  const values = parseJson(file, text);
  const { lines, problems } = await walkJson(file, text);
  // Two names with escapes may be the same only as underscores.
  const twice = problems.filter(
    ({ setting, problem }) => problem.startsWith('is given twice') && !setting.includes('__'),
  );
  return {
    raw: asMeant(values),
    problems: [...interpolations(values, []), ...twice],
    // The tree counts lines from 0.
    lines: async () => linesBy(new Map([...lines].map(([setting, line]) => [setting, line + 1]))),
  };
};
