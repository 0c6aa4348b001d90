import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archives, settingsOf } from '../testing/synthesized.ts';
import type { DeploymentTarget } from './deployment.ts';
import { synthesize } from './synthesize.ts';

describe('prod without protection against deletion', () => {
  const synthesizedFor = async (target: DeploymentTarget): Promise<readonly string[]> => {
    const outdir = await mkdtemp(join(tmpdir(), 'countersign-protection-'));
    try {
      const regions = await settingsOf('prod', { deletion_protection: false });
      return await synthesize({ label: 'prod', regions, target, outdir, archives });
    } finally {
      await rm(outdir, { recursive: true });
    }
  };

  it('is refused for AWS, and taken for a stand-in, where it is destroyed at the end', async () => {
    await expect(synthesizedFor({ kind: 'offline', stateFolder: '/state' })).rejects.toThrow(/RDS\.8/);
    const emulator = { kind: 'emulator', stateFolder: '/state', url: 'http://127.0.0.1' } as const;
    expect(await synthesizedFor(emulator)).toContain('prod-us-east-1');
  });
});
