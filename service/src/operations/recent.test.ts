import { operation as fixture } from '../../test/browser/fixtures.ts';
import type { Tables } from '../ports/tables.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import type { Operation } from './operation.ts';
import type { RecentFilter } from './recent.ts';
import { openSeen } from './seen.ts';
import { OperationStore } from './store.ts';

const start = Date.parse('2026-11-20T10:00:00.000Z');
const made = (index: number, tool: string, over: Partial<Operation> = {}): Operation =>
  fixture(1, {
    operationId: `op_${String(index).padStart(32, '0')}`,
    createdAt: new Date(start + index * 1000).toISOString(),
    tool,
    ...over,
  });

const openList = () => {
  const engine = openMemoryTables({ now: () => new Date(start) });
  const read = { rows: 0 };
  const tables: Tables = {
    ...engine,
    get: engine.get.bind(engine),
    insert: engine.insert.bind(engine),
    put: engine.put.bind(engine),
    transact: engine.transact.bind(engine),
    query: async (table, query) => {
      const page = await engine.query(table, query);
      read.rows += page.items.length;
      return page;
    },
  };
  const store = new OperationStore(tables);
  return { engine, store, read, keep: (...all: Operation[]) => Promise.all(all.map((each) => store.insert(each))) };
};

const many = (count: number, from: number, tool: string, over: Partial<Operation> = {}) =>
  Array.from({ length: count }, (_, index) => made(from + index, tool, over));

/** All pages of a list, with how many there were. */
const all = async (store: OperationStore, filter: RecentFilter) => {
  const ids: string[] = [];
  for (let [pages, cursor] = [1, undefined as string | undefined]; ; pages += 1) {
    const page = await store.recent({ ...filter, ...(cursor !== undefined && { cursor }) });
    ids.push(...page.items.map(({ operationId }) => operationId));
    cursor = page.cursor;
    if (cursor === undefined) return { ids, pages };
  }
};

describe('a list of operations of some tools', () => {
  const lists: readonly (readonly [string, RecentFilter])[] = [
    ['that wait', { statuses: ['awaiting-countersign', 'awaiting-confirmation'] }],
    ['of every status', {}],
    ['that were applied', { statuses: ['applied'] }],
  ];
  it.each(lists)('%s reads none of the thousands of others that are newer', async (_name, filter) => {
    const { store, read, keep } = openList();
    const mine = made(0, 'mine', { status: filter.statuses?.[0] ?? 'denied' });
    await keep(mine, ...many(1500, 1, 'theirs'), ...many(1500, 2000, 'theirs', { status: 'applied' }));
    read.rows = 0;
    const page = await store.recent({ ...filter, tools: ['mine'] });
    expect(page).toEqual({ items: [mine] });
    // A version before this one wrote without the index that those that wait are found by: some are looked through for them.
    expect(read.rows).toBeLessThanOrEqual(filter.statuses?.[0] === 'awaiting-countersign' ? 101 : 1);
  });

  it('is whole over its pages, each once and the newest first', async () => {
    const { store, keep } = openList();
    const kept = many(90, 0, 'mine').map((each, index) =>
      index % 3 === 0 ? { ...each, status: 'applied' as const } : index % 3 === 1 ? { ...each, tool: 'also' } : each,
    );
    await keep(
      ...kept,
      ...many(40, 30, 'theirs').map((each) => ({ ...each, operationId: `${each.operationId.slice(0, -2)}ff` })),
    );
    const newest = (some: Operation[]) => some.map(({ operationId }) => operationId).toReversed();
    const tools = ['mine', 'also'];
    expect((await all(store, { tools, limit: 7 })).ids).toEqual(newest(kept));
    expect((await all(store, { tools, statuses: ['applied'], limit: 7 })).ids).toEqual(
      newest(kept.filter(({ status }) => status === 'applied')),
    );
  });

  it('stops after so many records that do not fit, says that it goes on, and finds the rest there', async () => {
    const { store, read, keep } = openList();
    const failed = [made(1, 'mine', { status: 'failed' }), made(700, 'also', { status: 'failed' })];
    await keep(...failed, ...many(600, 10, 'mine', { status: 'applied' }));
    read.rows = 0;
    const first = await store.recent({ tools: ['mine', 'also'], statuses: ['failed'], limit: 20 });
    expect(first.items).toEqual([failed[1]]);
    expect(first.cursor).toBeDefined();
    expect(read.rows).toBeLessThan(420);
    const rest = await all(store, { tools: ['mine', 'also'], statuses: ['failed'] });
    expect(rest.ids).toEqual(failed.toReversed().map(({ operationId }) => operationId));
    expect(rest.pages).toBeGreaterThan(2);
  });

  it('shows what waits although the version before kept it without its index', async () => {
    const { engine, store, keep } = openList();
    const old = made(1, 'mine');
    await keep(old, ...many(30, 10, 'theirs'));
    const row = await engine.get('operations', { operationId: old.operationId });
    if (row) await engine.put('operations', { ...row, waitsFor: undefined });
    expect((await store.recent({ tools: ['mine'], statuses: ['awaiting-countersign'] })).items).toEqual([old]);
  });

  it('of one requester ends where only hidden ones follow, without a word of them', async () => {
    const { store, read, keep } = openList();
    await keep(...many(2, 5000, 'mine'), ...many(1000, 0, 'theirs'));
    read.rows = 0;
    const page = await store.recent({ createdBy: 'demo|ada', tools: ['mine'], limit: 20 });
    expect([page.items.length, page.cursor]).toEqual([2, undefined]);
    expect(read.rows).toBeLessThan(420);
  });
});

it('an operation that no longer waits leaves the index of those that do', async () => {
  const { engine, store, keep } = openList();
  const waits = made(1, 'mine');
  await keep(waits);
  await store.replace({ ...waits, status: 'denied', version: 2 }, 1);
  const { items } = await engine.query('operations', { index: 'waitsFor-createdAt-index', partition: 'mine' });
  expect(items).toEqual([]);
});

it('a viewer who names tools is shown those of them that they may see, and nothing of others', async () => {
  const { store, keep } = openList();
  await keep(made(0, 'mine'), made(1, 'mine too'), made(2, 'theirs'));
  const seenBy = (...tools: string[]) =>
    openSeen(
      store,
      { shows: (tool) => tools.includes(tool), toolsShown: () => tools, scopeOf: () => undefined },
      { scopes: new Set() },
    );
  const toolsOf = async (seen: ReturnType<typeof seenBy>, tools?: string[]) =>
    (await seen.recent({ ...(tools && { tools }) })).items.map(({ tool }) => tool);
  const both = seenBy('mine', 'mine too');
  expect(await toolsOf(both, ['mine', 'theirs'])).toEqual(['mine']);
  expect(await toolsOf(both, ['theirs'])).toEqual([]);
  expect(await toolsOf(both)).toEqual(['mine too', 'mine']);
});
