/** The syntax tree of a file of settings: the line of each part, and every part that is no data. */
import type { TFExpressionSyntaxTree } from '@cdktf/hcl2json';
import type { SettingProblem } from '../../contracts/settings/problem.ts';
import { DATA_ONLY, INTERPOLATES } from './document.ts';

type Node = TFExpressionSyntaxTree.ExpressionAst;

export interface Walked {
  readonly lines: Map<string, number>;
  readonly problems: SettingProblem[];
}

/** A text in quotes or a heredoc, without anything to evaluate in it. */
const isText = ({ type, children }: Node): boolean =>
  type === 'template' &&
  children.every(({ type, meta }) => type === 'literalValue' && 'type' in meta && meta.type === 'string');

const isNumber = ({ type, meta }: Node): boolean => type === 'literalValue' && 'type' in meta && meta.type === 'number';

const isData = (node: Node): boolean => {
  if (isText(node) || node.type === 'literalValue') return true;
  const [operand] = node.children;
  return node.type === 'unaryOp' && operand !== undefined && isNumber(operand) && node.meta.value.startsWith('-');
};

/** What people write for true and false in other languages. */
const flags: Readonly<Record<string, string>> = {
  true: 'true',
  yes: 'true',
  on: 'true',
  false: 'false',
  no: 'false',
  off: 'false',
};

/** How a word without quotes is written. */
const written = (word: string): string => flags[word.toLowerCase()] ?? 'a text in quotes';

/** What an expression does that data does not. */
const refusal = ({ type, meta }: Node): string => {
  switch (type) {
    case 'template':
    case 'templateWrap':
      return INTERPOLATES;
    case 'function':
      return `calls ${'name' in meta ? meta.name : 'a function'}(); ${DATA_ONLY}`;
    case 'scopeTraversal':
      return `refers to ${meta.value}; ${DATA_ONLY}, ${written(meta.value)}`;
    default:
      return `is an expression; ${DATA_ONLY}`;
  }
};

/** Keys are names, texts and numbers; the tree wraps each, and leaves a name out. */
const keyOf = ({ children: [key], range }: Node, bytes: Buffer): string | undefined => {
  if (key === undefined) return bytes.subarray(range.start.byte, range.end.byte).toString();
  if (isText(key)) return key.children.map(({ meta }) => meta.value).join('');
  return isNumber(key) ? key.meta.value : undefined;
};

const join = (path: string, part: string | number): string => (path === '' ? String(part) : `${path}.${part}`);

const walkObject = (node: Node, path: string, bytes: Buffer, walked: Walked): void => {
  for (let at = 0; at + 1 < node.children.length; at += 2) {
    const [key, value] = [node.children[at], node.children[at + 1]];
    if (key === undefined || value === undefined) return;
    const name = keyOf(key, bytes);
    if (name === undefined) {
      walked.problems.push({ setting: path, problem: `has a name that is an expression; ${DATA_ONLY}` });
      continue;
    }
    const own = join(path, name);
    if (walked.lines.has(own)) walked.problems.push({ setting: own, problem: 'is given twice: keep one' });
    walked.lines.set(own, key.range.start.line);
    walk(value, own, bytes, walked);
  }
};

/** Notes the line of every part and the problem of every part that is no data. Lines begin at 0, that of the `{`. */
export const walk = (node: Node, path: string, bytes: Buffer, walked: Walked): void => {
  if (node.type === 'object') walkObject(node, path, bytes, walked);
  else if (node.type === 'tuple')
    for (const [at, item] of node.children.entries()) {
      walked.lines.set(join(path, at), item.range.start.line);
      walk(item, join(path, at), bytes, walked);
    }
  else if (!isData(node)) walked.problems.push({ setting: path, problem: refusal(node) });
};
