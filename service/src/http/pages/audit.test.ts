import { all, parseMarkup, text } from '../../../test/rigs/markup.ts';
import { openPages } from '../../../test/rigs/pages.ts';
import { ana } from '../../../test/rigs/pipeline.ts';
import { unzip } from '../../../test/rigs/unzip.ts';
import { openAuditLog } from '../../audit/log.ts';
import { hmac } from '../../audit/mac.ts';
import type { AuditEvent, AuditRecord } from '../../audit/record.ts';
import type { Tables } from '../../ports/tables.ts';
import { openMemoryTables } from '../../stores/memory/tables.ts';
import { mostExported, mostInWorkbook } from './audit-export.ts';

const attack = '=HYPERLINK("http://evil.example/","x")';
const script = '<script>window.bitten = true</script>';
const read = (body: string): string => text(parseMarkup(body)).replace(/\s+/g, ' ');
const rows = (body: string) => all(parseMarkup(body), 'tr').slice(1);
const link = (body: string, rel: string) => all(parseMarkup(body), 'a', { rel })[0]?.attributes.href ?? '';

const event = (userId: string, over: Partial<AuditEvent> = {}): AuditEvent => ({
  userId,
  correlationId: `request-of-${userId}`,
  tool: 'paint',
  action: 'plan',
  result: 'success',
  ipAddress: '192.0.2.44',
  ...over,
});

/** Pages over a real log, with records of three people and a pack that nobody but admins may see. */
const openAuditPages = async () => {
  const now = () => new Date('2026-11-20T10:00:00.000Z');
  const engine = openMemoryTables({ now });
  const reads = { rows: 0 };
  const tables = new Proxy(engine, {
    get: (target, name: keyof Tables) =>
      name === 'query'
        ? async (...asked: Parameters<Tables['query']>) => {
            const page = await target.query(...asked);
            reads.rows += page.items.length;
            return page;
          }
        : target[name].bind(target),
  });
  const log = openAuditLog({ tables, now, retentionDays: 30, keys: [hmac(new Uint8Array(32))] });
  const pages = await openPages([], undefined, undefined, log);
  const { rig } = pages;
  const own = await rig.pipeline.submit(rig.steps, { input: { colour: 'blue', things: ['a'] } }, rig.context(ana));
  const { operationId } = own;
  await log.append(event('ana', { operationId, accountId: '111111111111', parameters: { note: script } }));
  await log.append(event('max', { operationId, action: 'deny', result: 'blocked', errorMessage: attack }));
  await log.append(event('max', { tool: 'get_operation', action: 'read' }));
  return { ...pages, log, reads, operationId };
};

describe('the audit page', () => {
  it('shows an admin everybody’s records, and others their own', async () => {
    const { browse } = await openAuditPages();
    const admin = (await (await browse('ada', ['admin'])).get('/audit')).body;
    expect(rows(admin)).toHaveLength(3);
    expect(read(admin)).toContain('What everybody did here since 2026-11-13.');
    const own = (await (await browse('ana', ['analyst'])).get('/audit')).body;
    expect([rows(own).length, read(own).includes('max')]).toEqual([1, false]);
  });

  it.each([
    ['person=max', 2],
    ['person=max&tool=paint', 1],
    ['tool=paint', 2],
    ['account=111111111111', 1],
    ['result=blocked&from=2026-11-20', 1],
    ['from=2026-11-01&to=2026-11-19', 0],
    ["person=max' OR '1'='1", 0],
    ['account=%25', 0],
    [`tool=${encodeURIComponent(script)}`, 0],
  ])('finds %s', async (query, found) => {
    const { browse } = await openAuditPages();
    const answer = await (await browse('ada', ['admin'])).get(`/audit?${query}`);
    expect([answer.statusCode, rows(answer.body).length]).toEqual([200, found]);
    expect(answer.body).not.toContain('<script');
  });

  it.each(['from=yesterday', 'result=anything', 'from=2026-11-20&to=2026-11-01', 'cursor=forged', 'person=a&person=b'])(
    'refuses %s rather than show more than was asked for',
    async (query) => {
      const { browse } = await openAuditPages();
      expect((await (await browse('ada', ['admin'])).get(`/audit?${query}`)).statusCode).toBe(400);
    },
  );

  it('shows of an operation and of a tool what anybody did, without where others sit', async () => {
    const { browse, operationId } = await openAuditPages();
    const own = await browse('ana', ['analyst']);
    for (const query of [`operation=${operationId}`, 'tool=paint']) {
      const { body } = await own.get(`/audit?${query}`);
      expect(rows(body)).toHaveLength(2);
      expect(read(body).match(/192\.0\.2\.44/g)).toHaveLength(1);
    }
  });

  it('shows nothing of what the scopes do not, whatever is asked', async () => {
    const { browse } = await openAuditPages();
    const ben = await browse('ben', ['viewer']);
    for (const query of [
      'tool=other_packs_tool',
      'tool=get_operation',
      `operation=op_${'0'.repeat(32)}`,
      'account=111111111111',
    ]) {
      const { body } = await ben.get(`/audit?${query}`);
      expect([rows(body), read(body).includes('No record fits this.')]).toEqual([[], true]);
    }
    expect((await ben.get('/audit?person=ana')).statusCode).toBe(403);
  });

  it('leads from page to page, and takes no cursor of another person’s list', async () => {
    const { browse, log, reads } = await openAuditPages();
    for (let index = 0; index < 120; index += 1) await log.append(event('max', { accountId: `a-${index}` }));
    const admin = await browse('ada', ['admin']);
    reads.rows = 0;
    const first = (await admin.get('/audit?person=max')).body;
    expect(rows(first)).toHaveLength(50);
    expect(reads.rows).toBe(50);
    const older = link(first, 'next');
    expect(rows((await admin.get(older)).body)).toHaveLength(50);
    const own = await browse('max', ['analyst']);
    const cursor = new URL(older, 'http://localhost').searchParams.get('cursor') ?? '';
    expect(rows((await own.get(`/audit?cursor=${cursor}`)).body)).toHaveLength(50);
    expect((await (await browse('ana', ['analyst'])).get(`/audit?cursor=${cursor}`)).statusCode).toBe(400);
  });

  it('reads no more than a bound where little fits, says so, and goes on from there', async () => {
    const { browse, log, reads } = await openAuditPages();
    await Promise.all(Array.from({ length: 2600 }, () => log.append(event('max'))));
    const admin = await browse('ada', ['admin']);
    reads.rows = 0;
    const first = (await admin.get('/audit?person=max&result=blocked')).body;
    expect([rows(first).length, reads.rows]).toEqual([0, 2000]);
    expect(read(first)).toContain('None of the records that were looked through fits this.');
    expect(rows((await admin.get(link(first, 'next'))).body)).toHaveLength(1);
  });
});

describe('the export of the audit log', () => {
  it('is a file whose cells run nothing, of everything that fits, and is recorded itself', async () => {
    const { browse, log } = await openAuditPages();
    const admin = await browse('ada', ['admin']);
    const file = await admin.post('/audit', { format: 'csv', person: 'max' });
    expect(file.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="audit-2026-11-20.csv"',
      'cache-control': 'no-store',
    });
    const lines = file.body.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('userId,correlationId');
    expect(file.body).toContain(`"'=HYPERLINK(""http`);
    const { items } = await log.query({ userId: 'ada' });
    expect(items.map(({ tool, result, parameters, summary }) => ({ tool, result, parameters, summary }))).toEqual([
      { tool: 'audit-page', result: 'success', parameters: { person: 'max' }, summary: { format: 'csv', records: 2 } },
      { tool: 'audit-page', result: 'started', parameters: { person: 'max' }, summary: { format: 'csv' } },
    ]);
  });

  it('is also one record a line, whole over many reads', async () => {
    const { browse, log } = await openAuditPages();
    await Promise.all(Array.from({ length: 1203 }, () => log.append(event('max'))));
    const { body } = await (await browse('max', ['analyst'])).post('/audit', { format: 'ndjson', result: 'success' });
    const records = body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toHaveLength(1204);
    expect(new Set(records.map(({ hash }) => hash)).size).toBe(1204);
  });

  /** A log without end, of which `asked` says how much was read. */
  const endless = async () => {
    const opened = await openAuditPages();
    const [record] = (await opened.log.query({ userId: 'max' })).items;
    const asked = { rows: 0 };
    const query = opened.log.query.bind(opened.log);
    opened.log.query = async ({ limit = 0 }) => {
      asked.rows += limit;
      return { items: Array<AuditRecord>(limit).fill(record as AuditRecord), cursor: 'more' };
    };
    const exports = async () =>
      (await query({ userId: 'ada' })).items.map(({ result, summary }) => ({ result, summary }));
    return { ...opened, asked, record, exports, admin: await opened.browse('ada', ['admin']) };
  };

  it('ends after 50,000 records, reads no more, and says in its last line and in the log that it is not all', async () => {
    const { admin, asked, record, exports } = await endless();
    const lines = (await admin.post('/audit', { format: 'ndjson' })).body.trim().split('\n');
    expect([lines.length, asked.rows]).toEqual([mostExported + 1, 50_000]);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
      incomplete: `Not all: older records follow. Export again up to ${record?.timestamp}.`,
    });
    expect((await exports())[0]).toEqual({ result: 'partial', summary: { format: 'ndjson', records: 50_000 } });
  });

  it('is an Excel file too, of as many records as fit into one, with nothing that runs', async () => {
    const { browse, log } = await openAuditPages();
    const file = await (await browse('ada', ['admin'])).post('/audit', { format: 'xlsx', person: 'max' });
    expect(file.headers['content-disposition']).toBe('attachment; filename="audit-2026-11-20.xlsx"');
    const parts = unzip(file.rawPayload);
    expect(parts.get('xl/worksheets/sheet1.xml')).not.toMatch(/<f[ >]/);
    expect(parts.get('xl/worksheets/sheet1.xml')?.match(/<row /g)).toHaveLength(3);
    expect(parts.get('xl/sharedStrings.xml')).toContain('=HYPERLINK(');
    const [told] = (await log.query({ userId: 'ada' })).items;
    expect([told?.result, told?.summary]).toEqual(['success', { format: 'xlsx', records: 2 }]);
    const { admin, exports } = await endless();
    const cut = unzip((await admin.post('/audit', { format: 'xlsx' })).rawPayload);
    expect(cut.get('xl/sharedStrings.xml')).toContain('Not all: older records follow.');
    expect((await exports())[0]).toEqual({ result: 'partial', summary: { format: 'xlsx', records: mostInWorkbook } });
  });

  it('is one at a time for each person, and Excel files one at a time for all', async () => {
    const { browse, log } = await openAuditPages();
    const [admin, other] = [await browse('ada', ['admin']), await browse('max', ['analyst'])];
    const held = Promise.withResolvers<void>();
    const query = log.query.bind(log);
    log.query = async (filter) => {
      await held.promise;
      return query(filter);
    };
    const first = admin.post('/audit', { format: 'xlsx' });
    // It has begun once that is in the log.
    while ((await query({ userId: 'ada' })).items.length === 0) await new Promise(setImmediate);
    const again = await admin.post('/audit', { format: 'csv' });
    expect([again.statusCode, read(again.body)]).toEqual([429, expect.stringContaining('is still running')]);
    const beside = await other.post('/audit', { format: 'xlsx' });
    expect([beside.statusCode, read(beside.body)]).toEqual([429, expect.stringContaining('Another Excel file')]);
    held.resolve();
    expect((await first).statusCode).toBe(200);
    expect((await admin.post('/audit', { format: 'csv' })).statusCode).toBe(200);
    expect((await other.post('/audit', { format: 'xlsx' })).statusCode).toBe(200);
  });

  it.each([
    ['without the field of one’s own page', { csrf: '', format: 'csv' }, 403],
    ['of others by whoever is no admin', { format: 'csv', person: 'ana' }, 403],
    ['in another format', { format: 'xml' }, 400],
    ['with a filter that is not understood', { format: 'csv', from: '1' }, 400],
  ])('is refused %s, and nothing is read', async (_name, fields, status) => {
    const { browse, reads } = await openAuditPages();
    const own = await browse('max', ['analyst']);
    reads.rows = 0;
    expect((await own.post('/audit', fields)).statusCode).toBe(status);
    expect(reads.rows).toBe(0);
  });

  it('reads nothing where it cannot be recorded', async () => {
    const { browse, log, reads } = await openAuditPages();
    const own = await browse('max', ['analyst']);
    reads.rows = 0;
    const append = log.append.bind(log);
    log.append = () => Promise.reject(new Error('the audit log does not answer'));
    expect((await own.post('/audit', { format: 'csv' })).statusCode).toBe(500);
    expect(reads.rows).toBe(0);
    log.append = append;
    expect((await own.post('/audit', { format: 'csv' })).statusCode).toBe(200);
  });
});
