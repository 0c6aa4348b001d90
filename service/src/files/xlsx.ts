/**
 * An Excel workbook with one sheet, by a library. Text is stored as text, so none of it runs as a formula, and long numbers
 * such as account ids stay as they are, which no CSV file can promise. The library holds the sheet in memory, so its size has a bound.
 */
import writeExcelFile, { type CellObject } from 'write-excel-file/node';
import { CountersignError } from '../errors.ts';
import { type Cell, type Column, finite, type Rows } from './sheet.ts';

/** Of an answer or an object that holds such a file. */
export const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Cells of one sheet: about 100 MB of memory while it is made. */
export const MOST_CELLS = 200_000;
/** https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3 */
const MOST_CHARACTERS = 32_767;
const SHEET = 'Sheet1';

const shortened = (text: string): string =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;

const text = (value: string): CellObject => ({ type: String, value: shortened(value) });

const cellOf = (value: Cell, title: string): CellObject | null => {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return { type: Number, value: finite(value, title) };
  // A cell's number has 15 digits; more would be rounded.
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? { type: Number, value: Number(value) } : text(String(value));
  if (value instanceof Date) return { type: Date, value, format: 'yyyy-mm-dd hh:mm:ss' };
  return { type: Boolean, value };
};

/**
 * The whole file. Times are UTC. Text of more than 32,767 characters is cut, because a cell holds no more.
 * @throws too_large for more than MOST_CELLS cells; RangeError for a number that is not finite
 * @example
 * await objects.put(`${id}.xlsx`, await xlsx(columns, rows), { contentType: xlsxType });
 */
export const xlsx = async <Row>(columns: readonly Column<Row>[], rows: Rows<Row>): Promise<Uint8Array> => {
  const sheet = [
    columns.map(({ title }) => ({ ...text(title), fontWeight: 'bold' as const })),
  ] as (CellObject | null)[][];
  for await (const row of rows) {
    if ((sheet.length + 1) * columns.length > MOST_CELLS)
      throw new CountersignError(
        'too_large',
        `An Excel file holds at most ${MOST_CELLS} cells here. Ask for less, or take CSV, which has no such bound.`,
      );
    sheet.push(columns.map((column) => cellOf(column.value(row), column.title)));
  }
  return writeExcelFile(sheet, { sheet: SHEET, stickyRowsCount: 1 }).toBuffer();
};
