import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contextFor } from '../../../../test/estate/pack.ts';
import { putNewDatabase } from '../../../../test/servers/new-database.ts';
import { openEmbedded } from '../../../stores/postgres/embedded.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import { createScans } from '../scan/scans.ts';
import { generateEstate } from './generate.ts';
import { openSandbox } from './index.ts';
import { createResources } from './resources.ts';

const now = () => new Date('2026-11-20T09:00:00.000Z');

describe('the sandbox on the embedded store', () => {
  it('keeps what was changed over a restart, hostile tags byte for byte', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'));
    await putNewDatabase(dataDir);
    const hostile = generateEstate(now()).filter((each) => each.id.startsWith('i-0bad'));
    const arn = hostile[0]?.arn ?? '';

    const first = await openEmbedded({ dataDir, now });
    const { estate } = await openSandbox({ tables: first, now });
    await estate.tag([arn], { Owner: 'platform@example.com' }, contextFor());
    await first.close();

    const second = await openEmbedded({ dataDir, now });
    await openSandbox({ tables: second, now });
    const resources = createResources(second);
    expect((await resources.find(arn))?.tags.Owner).toBe('platform@example.com');
    for (const each of hostile.slice(1)) expect(await resources.find(each.arn)).toEqual(each);
    const scans = createScans(second, now);
    const history = await scans.history(extentHash(await wholeExtent(estate)), 60);
    expect(history).toHaveLength(55);
    const newest = history.at(-1);
    expect(newest && (await scans.snapshot(newest))?.size).toBe(450);
    await second.close();
    await rm(dataDir, { recursive: true });
  });
});
