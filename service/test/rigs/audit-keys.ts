import { hmac } from '../../src/audit/mac.ts';

/** Signs the audit heads of tests that have no ENCRYPTION_KEY. */
export const auditKeys = [hmac(new Uint8Array(32).fill(7))] as const;
