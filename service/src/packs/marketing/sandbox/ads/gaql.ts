/** Parses GAQL: SELECT, FROM, WHERE, ORDER BY and LIMIT. https://developers.google.com/google-ads/api/docs/query/grammar */
import { fieldTypes, joined } from './fields.ts';
import { AdsRefusal, adsError } from './refusals.ts';

const operators = ['=', '!=', '<', '<=', '>', '>=', 'IN', 'NOT IN', 'LIKE', 'BETWEEN', 'DURING'] as const;

export interface Condition {
  readonly field: string;
  readonly operator: (typeof operators)[number];
  /** Two of BETWEEN, any number of IN, one of each other. */
  readonly values: readonly string[];
}

export interface ParsedQuery {
  readonly select: readonly string[];
  readonly from: string;
  readonly where: readonly Condition[];
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[];
  readonly limit?: number;
}

const refuse = (value: string, message: string): never => {
  throw new AdsRefusal('INVALID_ARGUMENT', adsError('queryError', value, message));
};

interface Token {
  readonly kind: 'literal' | 'name' | 'sign';
  readonly text: string;
}

const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([A-Za-z_][\w.]*)|(-?\d+(?:\.\d+)?)|(>=|<=|!=|[=<>(),]))/y;

const tokensOf = (query: string): Token[] => {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = query.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const [, single, double, name, number, sign] = TOKEN.exec(text) ?? refuse('UNEXPECTED_INPUT', 'Error in query');
    const literal = single ?? double ?? number;
    if (literal !== undefined) tokens.push({ kind: 'literal', text: literal.replaceAll(/\\(.)/g, '$1') });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
};

/** Reads tokens in their order. */
const readerOf = (tokens: readonly Token[]) => {
  let at = 0;
  const is = (text: string): boolean => {
    const token = tokens[at];
    return token !== undefined && token.kind !== 'literal' && token.text.toUpperCase() === text;
  };
  const take = (text: string): boolean => {
    if (!is(text)) return false;
    at += 1;
    return true;
  };
  const next = (...kinds: readonly Token['kind'][]): string => {
    const token = tokens[at];
    if (token === undefined || !kinds.includes(token.kind)) return refuse('UNEXPECTED_END_OF_QUERY', 'Error in query');
    at += 1;
    return token.text;
  };
  const needs = (text: string): void => {
    if (!take(text)) refuse('UNEXPECTED_INPUT', `Error in query: expected ${text}`);
  };
  return { take, next, needs, ended: () => at === tokens.length };
};
type Reader = ReturnType<typeof readerOf>;

const listOf = <T>(reader: Reader, item: () => T): T[] => {
  const items = [item()];
  while (reader.take(',')) items.push(item());
  return items;
};

const operatorOf = (reader: Reader): Condition['operator'] => {
  const negated = reader.take('NOT');
  const found = operators.find((each) => (negated ? each === 'NOT IN' && reader.take('IN') : reader.take(each)));
  return found ?? refuse('INVALID_OPERATOR', 'Error in WHERE clause: unknown operator');
};

const conditionOf = (reader: Reader): Condition => {
  const field = reader.next('name');
  const operator = operatorOf(reader);
  const value = () => reader.next('literal', 'name');
  if (operator === 'IN' || operator === 'NOT IN') {
    reader.needs('(');
    const values = listOf(reader, value);
    reader.needs(')');
    return { field, operator, values };
  }
  if (operator !== 'BETWEEN') return { field, operator, values: [value()] };
  const first = value();
  reader.needs('AND');
  return { field, operator, values: [first, value()] };
};

const conditionsOf = (reader: Reader): Condition[] => {
  const conditions = [conditionOf(reader)];
  while (reader.take('AND')) conditions.push(conditionOf(reader));
  return conditions;
};

const orderOf = (reader: Reader): ParsedQuery['orderBy'][number] => {
  const field = reader.next('name');
  const descending = reader.take('DESC');
  if (!descending) reader.take('ASC');
  return { field, descending };
};

const checkFields = ({ select, from, where, orderBy }: ParsedQuery): void => {
  const prefixes =
    joined[from] ?? refuse('BAD_RESOURCE_TYPE_IN_FROM_CLAUSE', `'${from}' is not a valid resource name.`);
  for (const field of [...select, ...where.map((each) => each.field), ...orderBy.map((each) => each.field)]) {
    if (!fieldTypes.has(field)) refuse('UNRECOGNIZED_FIELD', `Unrecognized field in the query: '${field}'.`);
    if (!prefixes.some((prefix) => field.startsWith(`${prefix}.`)))
      refuse('PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE', `The field '${field}' cannot be selected from '${from}'.`);
  }
};

/** @throws AdsRefusal with a queryError */
export const parseGaql = (text: string): ParsedQuery => {
  const reader = readerOf(tokensOf(text));
  reader.needs('SELECT');
  const select = listOf(reader, () => reader.next('name'));
  reader.needs('FROM');
  const from = reader.next('name');
  const where = reader.take('WHERE') ? conditionsOf(reader) : [];
  const ordered = reader.take('ORDER');
  if (ordered) reader.needs('BY');
  const orderBy = ordered ? listOf(reader, () => orderOf(reader)) : [];
  const limit = reader.take('LIMIT') ? Number(reader.next('literal')) : undefined;
  if (!reader.ended()) refuse('UNEXPECTED_INPUT', 'Error in query: unexpected input after its end');
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
    refuse('INVALID_LIMIT', 'LIMIT must be positive.');
  const query = { select, from, where, orderBy, ...(limit !== undefined && { limit }) };
  checkFields(query);
  return query;
};
