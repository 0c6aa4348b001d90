import { canonicalJson } from '../../canonical.ts';
import { AuditEvent, type AuditRecord } from '../record.ts';
import { ocsfEvent } from './ocsf.ts';

const record = (more: Partial<AuditRecord> = {}): AuditRecord => ({
  userId: 'ana',
  correlationId: 'req-1',
  tool: 'bulk_tag_resources',
  action: 'plan',
  result: 'success',
  timestamp: '2026-11-30T07:00:00.123Z',
  sequence: 7,
  previousHash: 'p',
  hash: 'h',
  ...more,
});

describe('an audit record as an event of OCSF 1.8.0', () => {
  it('is API Activity with its required members, and has the whole record', () => {
    const whole = record({ clientId: 'claude', ipAddress: '192.0.2.7', userAgent: 'claude-code/2' });
    expect(ocsfEvent(whole)).toEqual({
      category_uid: 6,
      class_uid: 6003,
      activity_id: 1,
      type_uid: 600301,
      severity_id: 1,
      time: 1796022000123,
      status_id: 1,
      status: 'Success',
      metadata: { version: '1.8.0', product: { name: 'Countersign' }, uid: 'ana:7', correlation_uid: 'req-1' },
      actor: { user: { uid: 'ana' }, app_uid: 'claude' },
      api: { operation: 'bulk_tag_resources' },
      src_endpoint: { ip: '192.0.2.7' },
      http_request: { user_agent: 'claude-code/2' },
      unmapped: whole,
    });
  });

  it.each([
    ['plan', 1],
    ['authorize', 1],
    ['read', 2],
    ['dry-run', 2],
    ['write', 3],
    ['approve', 3],
    ['deny', 3],
    ['confirm', 3],
    ['expire', 3],
    ['revert', 3],
    ['delete', 4],
  ] as const)('says of %s that it is activity %d', (action, activity_id) => {
    expect(ocsfEvent(record({ action }))).toMatchObject({ activity_id, type_uid: 600_300 + activity_id });
  });

  it('knows every action and every result of the log', () => {
    for (const action of AuditEvent.shape.action.options)
      expect(ocsfEvent(record({ action })).activity_id).toBeGreaterThan(0);
    for (const result of AuditEvent.shape.result.options)
      expect([1, 2, 99]).toContain(ocsfEvent(record({ result })).status_id);
  });

  it.each([
    ['success', 1, 'Success'],
    ['failure', 2, 'Failure'],
    ['blocked', 2, 'Failure'],
    ['started', 99, 'started'],
    ['partial', 99, 'partial'],
  ] as const)('says of the result %s that its status is %d, in the schema’s word or our own', (result, id, status) => {
    expect(ocsfEvent(record({ result }))).toMatchObject({ status_id: id, status });
  });

  it('says why something failed', () => {
    const failed = record({ result: 'failure', errorCode: 'throttled', errorMessage: 'Try again' });
    expect(ocsfEvent(failed)).toMatchObject({ status_code: 'throttled', status_detail: 'Try again' });
  });

  it('names the service where there was no address, as the class requires a source', () => {
    expect(ocsfEvent(record({ origin: 'upkeep' })).src_endpoint).toEqual({ svc_name: 'countersign' });
  });

  it('has no null and no member without a value', () => {
    expect(canonicalJson(ocsfEvent(record()))).not.toMatch(/null|undefined/);
  });
});
