/** Reads a tfvars file in HCL. */
import { asMeant, type Document, linesBy } from './document.ts';
import { unreadable } from './error.ts';
import { readPlain } from './plain.ts';
import { type Walked, walk } from './tree.ts';

const HOW = 'Write settings as name = value, one a line.';

/** What the parser says is `...[file:line,column: reason]`, or `...: file:line,column: reason`. */
const refusal = (file: string, error: unknown): Error => {
  const said = error instanceof Error ? error.message : String(error);
  const [, line, all] = /:(\d+),[^:]*: (.*?)\]?$/s.exec(said) ?? [];
  // It says all it stumbled over, one after another; the first is the cause.
  const reason = all?.split(` ${file}:`)[0];
  const at = line === undefined ? undefined : Number(line);
  return unreadable(file, at, `${reason?.trim() ?? 'is no HCL.'} ${HOW}`, error);
};

const parsing = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw refusal(file, error);
  }
};

/**
 * The tree of a file's expressions, read as one object. The parser leaves an expression in a value as the text `${...}`,
 * which nothing tells from a text of its own.
 */
const treeOf = async (file: string, text: string): Promise<Walked> => {
  const { getExpressionAst } = await import('@cdktf/hcl2json');
  // An expression's lines are counted from 0, so the brace keeps those of the file.
  const object = `{\n${text}\n}`;
  const tree = await parsing(file, () => getExpressionAst(file, object));
  const walked: Walked = { lines: new Map(), problems: [] };
  if (tree?.type === 'object') walk(tree, '', Buffer.from(object), walked);
  return walked;
};

/** @throws EnvironmentError where it is no HCL */
export const readHcl = async (file: string, text: string): Promise<Document> => {
  const plain = readPlain(text);
  if (plain !== undefined)
    return { raw: asMeant(plain), problems: [], lines: async () => linesBy((await treeOf(file, text)).lines) };
  const { parse } = await import('@cdktf/hcl2json');
  const values = (await parsing(file, () => parse(file, text))) as Record<string, unknown>;
  const { lines, problems } = await treeOf(file, text);
  // Both readings must have seen the same settings, or the tree vouches for nothing.
  if (Object.keys(values).some((name) => !lines.has(name)))
    throw unreadable(file, undefined, `is no list of settings. ${HOW}`);
  return { raw: asMeant(values), problems, lines: async () => linesBy(lines) };
};
