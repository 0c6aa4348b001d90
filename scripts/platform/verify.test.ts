import type { PlanManifest } from './manifest.ts';
import { manifestChecks, type Now, verifyManifest } from './verify.ts';
import type { Workspace } from './workspace.ts';

const hash = 'a'.repeat(64);
const manifest: PlanManifest = {
  version: 1,
  environment: 'prod',
  account: '111122223333',
  target: 'aws',
  destroy: false,
  commit: 'c0ffee'.repeat(6),
  sources: hash,
  terraform: '1.11.4',
  asleep: [],
  createdAt: '2026-11-20T10:00:00.000Z',
  stacks: [],
};
const workspace = {
  environment: 'prod',
  settings: { account_id: '111122223333' },
  target: { kind: 'aws' },
} as Workspace;
const now: Now = {
  time: new Date('2026-11-27T09:59:00Z'),
  commit: manifest.commit,
  sources: hash,
  terraform: '1.11.4',
};

describe('a reviewed plan', () => {
  it('may be applied while nothing has changed, for a week', () => {
    expect(() => verifyManifest(manifest, workspace, now)).not.toThrow();
  });

  it('may be applied where there is no git to ask', () => {
    expect(() => verifyManifest(manifest, workspace, { ...now, commit: undefined })).not.toThrow();
  });

  const refusals: readonly (readonly [string, Partial<PlanManifest>, Partial<Now>, string])[] = [
    ['made to deploy', { target: 'offline' }, {}, 'was made offline, against nothing'],
    ['made to deploy', { target: 'emulator' }, {}, 'was made for another target: emulator, not aws'],
    ['made to deploy', { destroy: true }, {}, 'would destroy the environment'],
    ['same environment', { environment: 'staging' }, {}, 'is of staging in account 111122223333'],
    ['same environment', { account: '444455556666' }, {}, 'is of prod in account 444455556666'],
    ['not expired', {}, { time: new Date('2026-11-28T10:00:01Z') }, 'is 8 days old, and expires after 7'],
    ['same commit', { commit: 'decade'.repeat(6) }, {}, 'was made at commit decadedecade, and this is c0ffeec0ffee'],
    [
      'same part of the week',
      { asleep: ['eu-west-1'] },
      {},
      'was made for a time without a load balancer in eu-west-1, and this is a time with load balancers',
    ],
    ['same settings and code', {}, { sources: 'b'.repeat(64) }, 'was made from other settings or code'],
    ['same terraform', { terraform: '1.12.0' }, {}, 'was made by terraform 1.12.0, and this is 1.11.4'],
  ];
  it.each(refusals)('is refused by "%s" with %j and %j', (_, changed, at, sentence) => {
    expect(() => verifyManifest({ ...manifest, ...changed }, workspace, { ...now, ...at })).toThrow(
      `The plan of prod ${sentence}`,
    );
    expect(() => verifyManifest({ ...manifest, ...changed }, workspace, { ...now, ...at })).toThrow(
      'Nothing was applied. Plan and review again: npm run plan -- --environment prod',
    );
  });

  it('is tried against every check there is', () => {
    expect([...new Set(refusals.map(([name]) => name))]).toEqual(manifestChecks.map(({ name }) => name));
  });
});
