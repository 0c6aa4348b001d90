/** An audit log in memory with anchors beside it, and what somebody can do who may write its tables. */
import { pino } from 'pino';
import type { Row } from '../../../contracts/tables.ts';
import { examineAnchors } from '../../src/audit/anchor-view.ts';
import { openAnchoring } from '../../src/audit/anchoring.ts';
import type { Anchors } from '../../src/audit/anchors.ts';
import { type Head, hashOf, headOf, recordFromRow, recordToRow } from '../../src/audit/chain.ts';
import { openAuditLog } from '../../src/audit/log.ts';
import type { Keyring } from '../../src/audit/mac.ts';
import { MARK } from '../../src/audit/mark.ts';
import type { AuditEvent, AuditRecord } from '../../src/audit/record.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { auditKeys } from './audit-keys.ts';

const retentionDays = 30;
export const MINUTE = 60_000;
export const DAY = 86_400_000;

export const memoryAnchors = () => {
  const kept = new Map<number, string>();
  const anchors: Anchors = {
    place: 'memory',
    numbers: async (after) => [...kept.keys()].filter((number) => number > after).sort((a, b) => a - b),
    read: async (number) => kept.get(number),
    create: async (number, text) => {
      if (kept.has(number)) return false;
      kept.set(number, text);
      return true;
    },
    tampered: async () => [],
  };
  return { kept, anchors };
};

export const openAudited = (keys: Keyring = auditKeys) => {
  let time = Date.parse('2026-03-01T12:00:00.000Z');
  const now = () => new Date(time);
  const tables = openMemoryTables({ now });
  const { kept, anchors } = memoryAnchors();
  const counted: Record<string, number> = {};
  const parts = {
    tables,
    keys,
    now,
    retentionDays,
    log: pino({ level: 'silent' }),
    metrics: {
      count: (_metric: string, dimensions: object, value = 1) => {
        const outcome = Object.values(dimensions).join();
        counted[outcome] = (counted[outcome] ?? 0) + value;
      },
    },
  };
  const event = (userId: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
    userId,
    correlationId: 'c',
    tool: 'bulk_tag_resources',
    action: 'write',
    result: 'success',
    ...more,
  });
  const rowsOf = async (userId: string) =>
    (await tables.withExpired().query('audit-logs', { partition: userId })).items;
  return {
    tables,
    kept,
    anchors,
    counted,
    now,
    rowsOf,
    wait: (milliseconds: number) => {
      time += milliseconds;
    },
    /** As one task does; each has its own. */
    task: (ring: Keyring = keys) => openAnchoring({ ...parts, keys: ring, anchors }),
    taskWithoutAnchors: () => openAnchoring(parts),
    tell: async (userId: string, ...events: Partial<AuditEvent>[]) => {
      const log = openAuditLog(parts);
      for (const one of events) await log.append(event(userId, one));
    },
    append: async (userId: string, count = 1, ring: Keyring = keys): Promise<AuditRecord[]> => {
      const log = openAuditLog({ ...parts, keys: ring });
      const records: AuditRecord[] = [];
      for (let i = 0; i < count; i += 1) {
        time += MINUTE;
        records.push(await log.append(event(userId, { summary: { i } })));
      }
      return records;
    },
    verify: async (more: { since?: Record<string, { sequence: number; hash: string }>; keys?: Keyring } = {}) =>
      verifyChain({
        tables,
        keys,
        now,
        retentionDays,
        anchors: await examineAnchors(anchors, more.keys ?? keys),
        ...more,
      }),
    verifyWithoutAnchors: () => verifyChain({ tables, keys, now, retentionDays }),
    head: async (userId: string): Promise<Head> => {
      const head = await tables.get('audit-heads', { userId });
      if (head === undefined) throw new Error('no head');
      return head;
    },
    setHead: (head: Head) => tables.put('audit-heads', head),
    remove: async (userId: string, ...sequences: number[]) => {
      for (const { timestamp, sequence } of await rowsOf(userId))
        if (sequences.length === 0 || sequences.includes(sequence))
          await tables.remove('audit-logs', { userId, timestamp });
    },
    removeHead: (userId: string) => tables.remove('audit-heads', { userId }),
    removeMark: () => tables.remove('audit-heads', { userId: MARK }),
    change: async (userId: string, fields: Partial<Row<'audit-logs'>>) => {
      for (const row of await rowsOf(userId)) await tables.put('audit-logs', { ...row, ...fields });
    },
    /** A whole chain anew, every hash right, its head as a version writes it that does not sign. */
    forge: async (userId: string, change: (record: AuditRecord) => Partial<AuditRecord>) => {
      let before: AuditRecord | undefined;
      let head: Head | undefined;
      for (const row of await rowsOf(userId)) {
        const changed = { ...recordFromRow(row), ...change(recordFromRow(row)) };
        const record = before === undefined ? changed : { ...changed, previousHash: before.hash };
        before = { ...record, hash: hashOf(record) };
        head = headOf(before, retentionDays);
        await tables.put('audit-logs', recordToRow(before, head.recordExpires));
      }
      if (head !== undefined) await tables.put('audit-heads', head);
    },
    /** Heads as a version leaves them that does not sign. */
    strip: async (...people: string[]) => {
      for (const userId of people) {
        const { signature: _signature, ...head } = (await tables.get('audit-heads', { userId })) as Head;
        await tables.put('audit-heads', head);
      }
    },
  };
};
