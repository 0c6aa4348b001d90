import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archives, settingsOf } from '../testing/synthesized.ts';
import { synthesize } from './synthesize.ts';

it('names file and line of the settings behind what a policy refuses, and looks for them only then', async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'countersign-refused-'));
  let looked = 0;
  const places = async () => {
    looked += 1;
    return (setting: string) => (setting === 'names.distribution' ? 'environments/mine.tfvars:7' : undefined);
  };
  const target = { kind: 'offline', stateFolder: outdir } as const;
  const made = async (changes: Record<string, unknown>) =>
    synthesize({ label: 'mine', regions: await settingsOf('staging', changes), target, outdir, archives, places });
  try {
    await expect(made({ names: { distribution: 'd'.repeat(60) } })).rejects.toThrow(
      /aws_cloudfront_function\S+ name .* AWS takes 1 to 64 .*: change names\.distribution \(environments\/mine\.tfvars:7\)\. See https:/,
    );
    expect(looked).toBe(1);
    await expect(made({})).resolves.toEqual(['mine-us-east-1']);
    expect(looked).toBe(1);
  } finally {
    await rm(outdir, { recursive: true });
  }
});
