import { searchConsoleArea } from './search-console.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

const now = () => new Date('2026-11-20T09:00:00Z');
let google: StandIn;
beforeAll(async () => {
  const breaks = ({ path }: { readonly path: string }) => {
    if (path === '/breaks') throw new TypeError('not foreseen');
    return undefined;
  };
  google = await startStandIn([breaks, searchConsoleArea({ combinations: 10 })], now);
});
afterAll(() => google.close());

const ask = async (path: string, body: unknown = {}) => {
  const response = await fetch(`${google.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
};
const filtered = (operator: string, expression: string) =>
  ask('/webmasters/v3/sites/sc-domain%3Aexample.com/searchAnalytics/query', {
    ...{ startDate: '2026-11-01', endDate: '2026-11-10', dimensions: ['query'] },
    dimensionFilterGroups: [{ filters: [{ dimension: 'query', operator, expression }] }],
  });

it('answers a call that breaks it, and the next one', async () => {
  expect(await ask('/breaks')).toMatchObject({ status: 500, answer: { error: { status: 'INTERNAL' } } });
  expect(await ask('/unknown')).toMatchObject({ status: 404 });
});

it('takes sites and addresses that are no encoding as broken calls', async () => {
  expect(await ask('/webmasters/v3/sites/%E0%A4%A/searchAnalytics/query')).toMatchObject({ status: 500 });
});

it.each(['includingRegex', 'excludingRegex'])('%s refuses what is no expression', async (operator) => {
  expect(await filtered(operator, '(((')).toMatchObject({
    status: 400,
    answer: { error: { status: 'INVALID_ARGUMENT' } },
  });
});

it('matches a part of the text, as Google does, and is not held up by nested repetitions', async () => {
  const { answer } = await filtered('includingRegex', '^wool socks');
  expect(answer.rows.map(({ keys }: { keys: string[] }) => keys[0])).toEqual(['wool socks', 'wool socks 1']);
  const none = await filtered('includingRegex', '^([a-z ]+)+!$');
  expect(none).toMatchObject({ status: 200 });
  expect(none.answer.rows).toBeUndefined();
});
