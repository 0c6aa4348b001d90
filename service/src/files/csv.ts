/**
 * CSV by RFC 4180 whose cells no spreadsheet runs as formulas. Own code: csv-stringify looks at the first character only, and
 * takes exact amounts, which are text, for formulas. What remains of it is one line of quoting.
 */
import { type Cell, type Column, finite, type Rows } from './sheet.ts';

export interface CsvOptions {
  /**
   * Begin with a byte order mark. Excel takes a file without one for text of the machine's own code page and shows é as Ã©.
   * Default true; false for programs that read the mark as part of the first title.
   */
  readonly bom?: boolean;
}

/** Of an answer or an object that holds such a file. */
export const csvType = 'text/csv; charset=utf-8; header=present';

/** About how much text is handed on at a time, in UTF-16 units: a yield per row would cost more than the row. */
const CHUNK = 16_384;

/** https://owasp.org/www-community/attacks/CSV_Injection: the characters that begin a formula, with their full-width forms. */
const BEGINS = '=+\\-@\uff1d\uff0b\uff0d\uff20';
/** What spreadsheets skip before they look for one of them. */
const SKIPPED = '[[\\s\\p{Cc}\\p{Cf}]--[\\t\\r\\n]]*';
// Excel in a country with decimal commas splits at semicolons, and what is pasted is split at tabs. It then takes our quotes
// for text, so a formula may also begin after a separator or on a later line of one of our cells.
const formula = new RegExp(`(^|[;\\t\\r\\n])(?=${SKIPPED}[${BEGINS}])`, 'gv');
/** Begin a cell that loses them, or whose rest is read as a formula. */
const leading = /^[\t\r\n]/;
/** An exact amount arrives as text. Nothing that can act is only digits. */
const number = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The text with an apostrophe wherever a spreadsheet would begin to read a formula. */
const inert = (text: string): string => {
  if (number.test(text)) return text;
  const safe = text.replace(formula, "$1'");
  return leading.test(safe) ? `'${safe}` : safe;
};

const written = (value: Cell, title: string): string => {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(finite(value, title));
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? inert(value) : String(value);
};

/** RFC 4180 2.6 and 2.7. Other separators and edge blanks are quoted too, because not every reader keeps to it. */
const quoted = (text: string): string => (/[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const line = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

/**
 * The file piece by piece, as fast as its reader takes it: nothing is held but the rows of one piece.
 * @throws RangeError for a number that is not finite
 * @example
 * const columns = [{ title: 'Time', value: (record) => record.timestamp }];
 * reply.type(csvType).send(Readable.from(csv(columns, records)));
 */
export async function* csv<Row>(
  columns: readonly Column<Row>[],
  rows: Rows<Row>,
  { bom = true }: CsvOptions = {},
): AsyncGenerator<string> {
  let chunk = `${bom ? '\ufeff' : ''}${line(columns.map(({ title }) => inert(title)))}`;
  for await (const row of rows) {
    chunk += line(columns.map((column) => written(column.value(row), column.title)));
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
