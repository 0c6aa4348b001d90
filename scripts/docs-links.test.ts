/** What the guides point at exists: files, headings, pictures, commands, settings, lines of code, arrows of the state machine. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { variableNames } from '../contracts/environment.ts';
import { managedGroups } from '../modules/web-acl/managed-rules.ts';
import { transitions } from '../service/src/operations/operation.ts';
import { quoted, readRows } from './coverage.ts';

const root = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const guides = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
].toSorted();

const fence = /^(`{3,})(\S*)[^\n]*\n([\s\S]*?)^\1$/gm;
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, first = '']) => first);
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(fence)].filter(([, , name]) => name === language).map(([, , , body = '']) => body);
const prose = (text: string): string => text.replace(fence, '');

/** The anchor a heading gets on GitHub. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsIn = (file: string): string[] => all(prose(read(file)), /^#+ (.+)$/gm).map(anchorOf);

const linksOf = (file: string): string[] =>
  all(prose(read(file)), /\]\(([^)\s]+)\)/g).filter((target) => !/^[a-z]+:/.test(target));

const missing = (file: string, target: string): boolean => {
  const [path = '', anchor] = target.split('#');
  const linked = path === '' ? file : join(dirname(file), path);
  if (!existsSync(join(root, linked))) return true;
  return anchor !== undefined && !anchorsIn(linked).includes(anchor);
};

const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));

// Upper case with an underscore is a setting; words such as PORT only where they are given a value.
const settingsIn = (text: string): string[] => [
  ...all(text, /\b([A-Z]+(?:_[A-Z]+)+)\b/g),
  ...all(text, /(?:^|[\s`])([A-Z]{3,})=/gm),
];
/** Stand-ins for what the reader has, names of other programs, and what is no variable. */
const notOurs = [
  'THE_CLIENT_ID',
  'TENANT_ID',
  'OTEL_TRACES_SAMPLER',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'NODE_OPTIONS',
  'TF_REATTACH_PROVIDERS',
];

/** Variables of the images that the examples run, which are not ours. */
const ofExamples = readdirSync(join(root, 'environments'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tfvars'))
  .flatMap((file) => all(read(join('environments', file)), /\b([A-Z][A-Z_]{2,})\s+=/g));
/** Of the operators' commands, of errors that alarms listen for, and in examples of the generated reference. */
const ofOperators = [
  'COUNTERSIGN_TERRAFORM_MIRROR',
  'COUNTERSIGN_PYTHON',
  'USD',
  'COUNTERSIGN_EMULATOR_URL',
  'COUNTERSIGN_SMOKE_TOKEN',
  'COUNTERSIGN_SMOKE_API_KEY',
  'TERRAFORM_BINARY_NAME',
  'AWS_ENDPOINT_URL',
  'NO_COLOR',
  'UPDATE_CHANGES',
  'UPDATE_REHEARSALS',
  'FORCE_COLOR',
];
/** Variables and secrets of the repository on GitHub. */
const ofWorkflows = [
  'APPLY_ROLE',
  'CUTOVER_ROLE',
  'FLOW_APP_ID',
  'FLOW_APP_KEY',
  'GITHUB_TOKEN',
  'IMAGE_ROLES',
  'PLAN_PASSPHRASE',
  'PLAN_ROLES',
  'SMOKE_TOKEN',
];
/** Names that the descriptions use and the examples do not, listed in docs/coverage.md. */
const ofDescriptions = readRows(read('docs/coverage.md'))
  .filter(({ section }) => section === 'Names')
  .flatMap(({ cells }) => quoted(cells.name ?? ''))
  .map((name) => name.toUpperCase().replaceAll('-', '_'));
const errorCodes = ['ACCOUNT_NOT_AUTHORIZED', 'SAFETY_LIMIT_EXCEEDED'];
/** What Google, and the marketing system after it, call refusals. */
const ofGoogle = [
  'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
  'GOOGLE_AUTH_EXPIRED',
  'GOOGLE_PERMISSION_DENIED',
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'RATE_LIMITED',
  'UPSTREAM_ERROR',
];
/** What the image of the alert engine read, before it had a pack. */
const ofImageBefore = ['ALERT_DATA_PATH', 'API_HOST', 'API_PORT', 'DATABASE_PASSWORD'];
/** What elements of a network are called in alarms. */
const ofNetworks = ['POWER_SYSTEM', 'CORE_NETWORK', 'CELL_SITE'];
/** Classes of S3. */
const ofStorage = ['STANDARD_IA'];
/** Of AWS's managed rules for WAF. */
const ofManagedRules = Object.values(managedGroups).flatMap(({ rules }) => Object.keys(rules));
/** Resources with their values, which scripts/coverage.test.ts compares with what is synthesized. */
const ofTerraform = /`(\d+ )?aws_[^`]+`/g;

describe.each(guides)('%s', (file) => {
  it('links to files and headings that exist', () => {
    expect(linksOf(file).filter((target) => missing(file, target))).toEqual([]);
  });

  it('names scripts that package.json has', () => {
    const named = all(read(file), /npm run (?:-s )?([\w:-]+)/g);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names settings that the contract has', () => {
    const known = new Set<string>([
      ...variableNames,
      ...notOurs,
      ...ofExamples,
      ...ofOperators,
      ...ofWorkflows,
      ...ofDescriptions,
      ...errorCodes,
      ...ofGoogle,
      ...ofImageBefore,
      ...ofNetworks,
      ...ofStorage,
      ...ofManagedRules,
    ]);
    expect(settingsIn(read(file).replace(ofTerraform, '')).filter((name) => !known.has(name))).toEqual([]);
  });

  it('quotes code that is still there', () => {
    for (const block of blocks(read(file), 'ts')) {
      const [first = '', ...lines] = block.split('\n');
      const [, source] = /^\/\/ (\S+\.ts)$/.exec(first) ?? [];
      const code =
        source === undefined
          ? []
          : read(source)
              .split('\n')
              .map((line) => line.trim());
      if (source !== undefined)
        expect(lines.map((line) => line.trim()).filter((line) => line !== '' && !code.includes(line))).toEqual([]);
    }
  });
});

it('shows every picture there is, and none is heavy', () => {
  const shown = guides.flatMap((file) => linksOf(file).map((target) => join(dirname(file), target)));
  const pictures = readdirSync(join(root, 'docs/pictures')).map((name) => join('docs/pictures', name));
  expect(pictures.filter((picture) => !shown.includes(picture))).toEqual([]);
  expect(pictures.filter((picture) => statSync(join(root, picture)).size > 150_000)).toEqual([]);
});

it('draws the state machine as it is', () => {
  const [diagram = ''] = blocks(read('docs/operations-and-approvals.md'), 'mermaid');
  const arrows = [...diagram.matchAll(/^\s*(\w+) --> (\w+)/gm)].map(([, from = '', to = '']) =>
    [from, to].map((name) => name.replaceAll('_', '-')),
  );
  const allowed = Object.entries(transitions).flatMap(([from, tos]) => tos.map((to) => `${from} ${to}`));
  expect(arrows.length).toBeGreaterThan(10);
  expect(arrows.map((arrow) => arrow.join(' ')).filter((arrow) => !allowed.includes(arrow))).toEqual([]);
});
