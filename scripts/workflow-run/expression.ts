/** For tests: expressions of workflows, by GitHub's own parser and evaluator. */
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** skipped: a job was needed that did not run, which is neither success nor failure. */
export type Status = 'success' | 'failure' | 'cancelled' | 'skipped';

/** Contexts by their name, and how what came before went. */
export interface Scope {
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly status: Status;
}

const statusFunctions = ({ status }: Scope) =>
  [
    ['success', status === 'success'],
    ['failure', status === 'failure'],
    ['cancelled', status === 'cancelled'],
    ['always', true],
  ].map(([name, value]) => ({
    name: String(name),
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value === true),
  }));

const dictionaryOf = (contexts: Scope['contexts']): data.Dictionary => {
  const read: unknown = JSON.parse(JSON.stringify(contexts), data.reviver);
  if (!(read instanceof data.Dictionary)) throw new Error('contexts are no dictionary');
  return read;
};

/** @throws ExpressionError, also for a context that is not there */
export const evaluate = (expression: string, scope: Scope): unknown => {
  const functions = statusFunctions(scope);
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(scope.contexts), functions).parse();
  const known = new Map(functions.map((each) => [each.name, each]));
  const value = new Evaluator(parsed, dictionaryOf(scope.contexts), known).evaluate();
  return JSON.parse(JSON.stringify(value, data.replacer) ?? 'null');
};

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

const EXPRESSION = /\$\{\{([\s\S]*?)\}\}/g;

/** A text with its expressions put in. */
export const interpolate = (text: string, scope: Scope): string =>
  text.replaceAll(EXPRESSION, (_, expression: string) => textOf(evaluate(expression.trim(), scope)));

/** What a text that is one expression comes to; a text without any is itself. */
export const wholeOf = (text: string, scope: Scope): unknown => {
  const [, whole] = /^\s*\$\{\{([\s\S]*?)\}\}\s*$/.exec(text) ?? [];
  return whole === undefined ? interpolate(text, scope) : evaluate(whole.trim(), scope);
};

const isTrue = (value: unknown): boolean => !(value === null || value === false || value === 0 || value === '');

/** An `if`. One that asks for no status asks for success. */
export const holds = (condition: string | undefined, scope: Scope): boolean => {
  if (condition === undefined) return scope.status === 'success';
  const plain = condition.replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, '$1').trim();
  const asks = /\b(success|failure|cancelled|always)\(/.test(plain);
  return (asks || scope.status === 'success') && isTrue(evaluate(plain, scope));
};
