import { TerraformStack, Testing } from 'cdktf';
import { archives, settingsOf } from '../testing/synthesized.ts';
import { buildApp } from './synthesize.ts';
import { EMULATOR_URL, targetOf } from './target.ts';

describe('the target where nobody names one', () => {
  it('is AWS, or the stand-in that the variable names', () => {
    expect(targetOf({})).toEqual({ kind: 'aws' });
    expect(targetOf({ [EMULATOR_URL]: '' })).toEqual({ kind: 'aws' });
    expect(targetOf({ [EMULATOR_URL]: 'http://127.0.0.1:5000' })).toEqual({
      kind: 'emulator',
      url: 'http://127.0.0.1:5000',
    });
  });

  it.each(['localhost:5000', '5000', 'ftp://host'])('is refused as %s, with what to give', (url) => {
    expect(() => targetOf({ [EMULATOR_URL]: url })).toThrow(
      `${EMULATOR_URL} is "${url}": give the address that npm run emulate -- --serve prints.`,
    );
  });
});

it('a stand-in without a folder keeps the state in its own S3, whatever the shell says of AWS', async () => {
  const url = 'http://127.0.0.1:5000';
  const regions = await settingsOf('examples/market-data/weekend');
  const app = buildApp({ label: 'x', regions, target: { kind: 'emulator', url }, outdir: 'unused', archives });
  const [stack] = app.node.children.filter((node) => node instanceof TerraformStack);
  if (stack === undefined) throw new Error('no stack');
  const { terraform } = JSON.parse(Testing.synth(stack));
  expect(terraform.backend).toEqual({
    s3: expect.objectContaining({
      access_key: 'emulator',
      secret_key: 'emulator',
      endpoints: { s3: url, sts: url, iam: url },
      use_path_style: true,
      use_lockfile: true,
    }),
  });
});
