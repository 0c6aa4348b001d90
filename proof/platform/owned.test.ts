/** What Terraform sets once and then leaves alone has an owner, and whoever asks for it is told. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { owned, ownedRunbook } from '../../contracts/settings/owned.ts';
import { repository } from '../../modules/testing/synthesized.ts';
import { environmentNames } from '../../modules/tfvars/read.ts';
import { stacksOf } from './synth.ts';

const names = await environmentNames(repository);
const variants: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ...names.map((name) => [name, {}] as const),
  ['dev', { cognito_saml_metadata_url: 'https://sso.example.com/metadata' }],
  ['examples/startup/prod', { lambda_cutover: true }],
  ['examples/startup/staging', { autoscale: true, max_count: 3, instance_cutover: true }],
  [
    'examples/market-data/weekend',
    { blue_green: true, scale_schedules: { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: 2 } } },
  ],
];

interface Block {
  readonly lifecycle?: { readonly ignore_changes?: readonly string[] };
}

/** `type.attribute` of everything that some environment ignores. */
const ignoredIn = (json: string): string[] => {
  const { resource = {} } = JSON.parse(json) as { resource?: Record<string, Record<string, Block>> };
  return Object.entries(resource).flatMap(([type, blocks]) =>
    Object.values(blocks).flatMap(({ lifecycle }) =>
      (lifecycle?.ignore_changes ?? []).map((attribute) => `${type}.${attribute}`),
    ),
  );
};

const ignored = new Set<string>();
for (const [name, changes] of variants)
  for (const { json } of (await stacksOf(name, changes)).values())
    for (const each of ignoredIn(json)) ignored.add(each);

const told = owned.flatMap(({ type, attributes }) => attributes.map((attribute) => `${type}.${attribute}`));

const written = async (file: string) => readFile(join(repository, file), 'utf8');

describe('what Terraform ignores once it stands', () => {
  it('has a row with its owner and the command that changes it, attribute by attribute', () => {
    expect([...ignored].filter((each) => !told.includes(each))).toEqual([]);
  });

  it('is no more than what has a row', () => {
    expect(told.filter((each) => !ignored.has(each))).toEqual([]);
  });

  it('is told in the documentation of each setting that gives the first value', async () => {
    const lines = (await written('docs/settings.md')).split('\n');
    for (const { settings, owner, what, command } of owned)
      for (const setting of settings) {
        const line = lines.find((each) => each.startsWith(`| \`${setting}\` |`));
        expect(line).toContain(`${owner} ${what} from then on, and \`${command}\` changes it.`);
      }
  });

  it('is told in the runbook, with every command', async () => {
    const text = await written(ownedRunbook);
    for (const { what, command } of owned) {
      expect(text).toContain(what);
      expect(text).toContain(command.replace(/ --desired.*| --min.*| --schedule.*/, ''));
    }
  });

  it('is what no runbook tells people to set', async () => {
    const folder = join(repository, 'docs/runbooks');
    const settings = [...new Set(owned.flatMap((row) => row.settings))].join('|');
    for (const name of await readdir(folder))
      expect([name, (await written(`docs/runbooks/${name}`)).match(new RegExp(`\\b(${settings}) = `))]).toEqual([
        name,
        null,
      ]);
  });
});
