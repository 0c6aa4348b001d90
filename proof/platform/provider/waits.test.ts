import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../../../modules/testing/synthesized.ts';
import { startMoto } from '../../../service/test/servers/moto.ts';
import { describeWith } from '../../../service/test/servers/programs.ts';
import { openProviders } from './front.ts';
import { functionsIn } from './functions.ts';
import { waitsAreShort } from './waits.ts';

const host = { root: repository, env: process.env, out: () => {}, err: () => {}, ask: undefined };

/** The provider looks six times, five seconds apart, whether a queue is as it was asked for. */
const stackAt = (url: string): string =>
  JSON.stringify({
    provider: {
      aws: {
        region: 'eu-west-1',
        access_key: 'any',
        secret_key: 'any',
        skip_credentials_validation: true,
        skip_metadata_api_check: 'true',
        skip_requesting_account_id: true,
        endpoints: [{ sqs: url }],
      },
    },
    resource: { aws_sqs_queue: { queue: { name: 'letters' } } },
  });

await describeWith(['terraform', 'moto_server'], 'waits of the provider', () => {
  (waitsAreShort ? it : it.skip)('are as short as the stand-in is quick', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'proof-waits-'));
    const [moto, providers] = await Promise.all([startMoto(), openProviders(host)]);
    const terraform = (...args: readonly string[]) =>
      promisify(execFile)('terraform', [`-chdir=${folder}`, ...args], {
        env: { ...process.env, ...providers.variables, CHECKPOINT_DISABLE: '1' },
      });
    try {
      await writeFile(join(folder, 'main.tf.json'), stackAt(moto.url));
      await terraform('init');
      const start = performance.now();
      const { stdout } = await terraform('apply', '-auto-approve', '-no-color');
      expect(stdout).toContain('1 added');
      // 25 as it is, and half a second here.
      expect(performance.now() - start).toBeLessThan(20_000);
    } finally {
      await providers.stop();
      await moto.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a program that Go has not made', () => {
  it('has no functions that are known, and a name that no function has is not found', async () => {
    expect(await functionsIn(process.execPath, new Set(['time.NewTimer']))).toEqual(new Map());
    expect(await functionsIn(import.meta.filename, new Set(['time.NewTimer']))).toEqual(new Map());
  });
});
