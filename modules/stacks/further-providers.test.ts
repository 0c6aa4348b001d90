import { stacksOf } from '../../proof/platform/synth.ts';
import { readSynthesized } from '../testing/synthesized.ts';
import { withFurtherProviders } from './further-providers.ts';

const aliases = (json: string): unknown[] =>
  (JSON.parse(json) as { provider: { aws: { alias?: string }[] } }).provider.aws.map(({ alias }) => alias);

describe('providers of regions that nothing is in', () => {
  it('are there, so that what a setting put into another region can be destroyed once the setting is gone', async () => {
    const made = (await stacksOf('prod', { backup_region: undefined })).get('prod-us-east-1');
    expect(readSynthesized(made?.json ?? '').addresses.filter((address) => address.includes('copy'))).toEqual([]);
    expect(aliases(made?.json ?? '')).toEqual(expect.arrayContaining(['us-west-2', 'eu-central-1']));
  });

  it('are each there once, as the stack’s own is', () => {
    const own = { region: 'eu-west-1', allowed_account_ids: ['111122223333'] };
    const used = { ...own, region: 'us-east-1', alias: 'us-east-1' };
    const { aws } = withFurtherProviders({ provider: { aws: [own, used] } }).provider;
    expect(aws.slice(0, 2)).toEqual([own, used]);
    expect(new Set(aws.map(({ region }) => region)).size).toBe(aws.length);
    expect(aws).toContainEqual({ ...own, region: 'us-west-2', alias: 'us-west-2' });
  });
});
