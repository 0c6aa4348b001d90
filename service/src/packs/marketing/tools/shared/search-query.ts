/** What may be asked of search traffic. Checked before any call, because Google answers a wrong question with an error of its own. */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import type { AnalyticsQuery } from '../../google/search-console.ts';
import { Day, daysBefore, monthsBefore, today } from './dates.ts';
import { Property } from './property.ts';

/** Google's days of search traffic. */
const PACIFIC = 'America/Los_Angeles';
const MOST_MONTHS = 16;
const MOST_HOURLY_DAYS = 10;

const dimensions = ['query', 'page', 'country', 'device', 'searchAppearance', 'date', 'hour'] as const;

const Filter = z.strictObject({
  dimension: z.enum(['query', 'page', 'country', 'device', 'searchAppearance']),
  operator: z
    .enum(['equals', 'notEquals', 'contains', 'notContains', 'includingRegex', 'excludingRegex'])
    .default('equals'),
  expression: z.string().min(1).max(4096),
});

export const searchInput = {
  property: Property,
  startDate: Day.describe('YYYY-MM-DD, 16 months back'),
  endDate: Day.describe('Inclusive'),
  dimensions: z
    .array(z.enum(dimensions))
    .max(dimensions.length)
    .refine((names) => new Set(names).size === names.length, 'must name each once')
    .default([])
    .describe('hour: with dataState hourly_all, 10 days back'),
  searchType: z.enum(['web', 'image', 'video', 'news', 'discover', 'googleNews']).default('web').describe('Kind'),
  rowLimit: z.int().min(1).max(25_000).optional().describe('Default 1000'),
  startRow: z.int().min(0).default(0).describe('Skip'),
  filters: z.array(Filter).max(20).default([]).describe('All must hold'),
  dataState: z.enum(['final', 'all', 'hourly_all']).default('final').describe('all: fresh, incomplete'),
};
const SearchInput = z.strictObject(searchInput);
export type SearchInput = z.output<typeof SearchInput>;

const refuse = (message: string): never => {
  throw new CountersignError('invalid_input', message);
};

const devices: ReadonlySet<string> = new Set(['DESKTOP', 'MOBILE', 'TABLET']);

const checkFilter = ({ dimension, operator, expression }: SearchInput['filters'][number], place: number): void => {
  if (operator !== 'equals' && operator !== 'notEquals') return;
  if (dimension === 'country' && !/^[a-z]{3}$/i.test(expression))
    refuse(`filters[${place}].expression: must be a country of three letters such as usa (ISO 3166-1 alpha-3).`);
  if (dimension === 'device' && !devices.has(expression.toUpperCase()))
    refuse(`filters[${place}].expression: must be DESKTOP, MOBILE or TABLET.`);
};

/** @throws invalid_input that names the field */
export const checkedQuery = (input: SearchInput, now: Date): AnalyticsQuery => {
  const { startDate, endDate, dataState, searchType, filters } = input;
  const day = today(PACIFIC, now);
  const hourly = input.dimensions.includes('hour');
  const [earliest, earliestHour] = [monthsBefore(day, MOST_MONTHS), daysBefore(day, MOST_HOURLY_DAYS)];
  if (startDate > endDate) refuse('endDate: must not be before startDate.');
  if (startDate > day) refuse(`startDate: must not be after today, which is ${day} in Pacific time.`);
  if (startDate < earliest) refuse(`startDate: Google keeps 16 months: must not be before ${earliest}.`);
  if (hourly !== (dataState === 'hourly_all')) refuse('dataState: hourly_all and the dimension hour go together only.');
  if (hourly && startDate < earliestHour)
    refuse(`startDate: Google keeps ten days by the hour: must not be before ${earliestHour}.`);
  filters.forEach(checkFilter);
  return { startDate, endDate, dataState, searchType, filters, dimensions: input.dimensions };
};
