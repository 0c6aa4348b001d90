import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What `npm run audit:verify` says of the store that these variables name. @throws when it is not whole */
export const verifyAudit = async (environment: Readonly<Record<string, string>>): Promise<string> => {
  const env = { PATH: process.env.PATH, ...environment };
  return (await promisify(execFile)(process.execPath, ['scripts/audit-verify.ts'], { env })).stdout;
};
