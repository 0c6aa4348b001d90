import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bare } from '../servers/bare.ts';

/** What `npm run audit:verify` says of the store that these variables name. @throws when it is not whole */
export const verifyAudit = async (environment: Readonly<Record<string, string>>): Promise<string> => {
  const env = { ...bare(), ...environment };
  return (await promisify(execFile)(process.execPath, ['scripts/audit-verify.ts'], { env })).stdout;
};
