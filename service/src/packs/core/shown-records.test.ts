import type { Scope } from '../../../../contracts/scopes.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { withoutPlace } from './shown-records.ts';

const record: AuditRecord = {
  userId: 'ana',
  correlationId: 'c',
  tool: 'notices',
  action: 'write',
  result: 'success',
  ipAddress: '192.0.2.1',
  notificationsSent: ['mail ben', 'mail vera', 'slack #leads'],
  timestamp: '2026-11-20T10:00:00.000Z',
  sequence: 1,
  previousHash: '',
  hash: '',
};
const to = (personId: string, ...scopes: Scope[]) => withoutPlace(record, { scopes: new Set(scopes) }, personId);

describe('who was told is shown', () => {
  it('to admins by person', () => {
    expect(to('ada', 'admin').notificationsSent).toEqual(record.notificationsSent);
  });

  it('to others as the channel alone, but for themselves', () => {
    expect(to('vera', 'tag:read').notificationsSent).toEqual(['mail', 'mail vera', 'slack']);
    expect(to('ana', 'tag:read')).toMatchObject({
      notificationsSent: ['mail', 'mail', 'slack'],
      ipAddress: '192.0.2.1',
    });
    expect(to('vera', 'tag:read')).not.toHaveProperty('ipAddress');
  });
});
