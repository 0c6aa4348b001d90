/** The types of services besides the first: listed, read and tagged, by exactly the actions of the contract. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceTypeContract } from '../../../contracts/packs/tagging/types/type.ts';
import { type TaggableType, taggableTypes } from '../../../contracts/packs/tagging.ts';
import { driverOf } from '../../src/packs/tagging/aws/types/index.ts';
import { isFailure, type Resource } from '../../src/packs/tagging/estate/estate.ts';
import { startMoto } from '../servers/moto.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';
import { answersOf, modelled } from './modelled-answers.ts';
import { configFor, east, home, member, useTestCredentials, west } from './moto-cloud.ts';
import { contextFor } from './pack.ts';
import { openRecorded, type RecordedEstate, type WireAnswer } from './recorded-estate.ts';
import { makers } from './service-cloud.ts';

const made = Object.keys(makers) as (keyof typeof makers)[];
const types: readonly TaggableType[] = [
  ...made,
  ...(Object.keys(modelled) as TaggableType[]).filter((type) => modelled[type]?.arn !== undefined),
];
const contractOf = (type: TaggableType): ResourceTypeContract => taggableTypes[type];

/** IAM knows API Gateway by the verbs of HTTP. */
const verbs: Readonly<Record<string, string>> = {
  GetRestApis: 'GET',
  GetRestApi: 'GET',
  TagResource: 'PUT',
  UntagResource: 'DELETE',
};
const actionsOf = (recorded: RecordedEstate): string[] =>
  [
    ...new Set(
      recorded.calls
        .filter(({ api }) => api !== 'tagging')
        .map(({ api, operation }) => (api === 'apigateway' ? (verbs[operation] ?? operation) : operation)),
    ),
  ].sort();

/** A tagging API that cannot reach the service, so that the service's own is asked. */
const unreachable = (arn: string): WireAnswer => ({
  status: 200,
  body: JSON.stringify({
    FailedResourcesMap: { [arn]: { ErrorCode: 'InternalServiceException', StatusCode: 500, ErrorMessage: 'x' } },
  }),
});

await describeWith(['moto_server'], 'A type of a service', () => {
  let moto: TestServer;
  let recorded: RecordedEstate;
  const arns = new Map<TaggableType, string>();
  const arnOf = (type: TaggableType): string => arns.get(type) ?? modelled[type]?.arn ?? '';
  const mine = (resources: readonly Resource[], type: TaggableType) => resources.find(({ arn }) => arn === arnOf(type));
  const tagsOf = async (type: TaggableType) => {
    const found = (await recorded.estate.read([arnOf(type)], contextFor())).get(arnOf(type));
    if (found === undefined || isFailure(found)) throw new Error(`${type}: ${found?.message}`);
    return found.tags;
  };

  beforeAll(async () => {
    useTestCredentials();
    moto = await startMoto();
    const config = { endpoint: moto.url, region: east, maxAttempts: 1 };
    for (const type of made) arns.set(type, (await makers[type](config)) ?? '');
  }, 120_000);
  afterAll(() => moto.stop());
  beforeEach(() => {
    recorded = openRecorded(moto.url, types);
  });

  describe('that was never tagged is found by listing, and is tagged by the actions of its contract', () => {
    it.each(types)('%s', async (type) => {
      const { list, set, remove } = contractOf(type);
      const before = type === 'codebuild:project' ? { Team: 'tools' } : {};
      const answers = answersOf(type);
      recorded.answer = (call) =>
        call.api === 'tagging' && call.operation !== 'GetResources' ? unreachable(arnOf(type)) : answers(call);
      const slice = await recorded.list(type);
      expect(slice.failure).toBeUndefined();
      expect(mine(slice.resources, type)).toMatchObject({ type, accountId: home, region: east, tags: before });
      if (set !== undefined && remove !== undefined) {
        const { deaf } = modelled[type] ?? {};
        expect(await recorded.estate.tag([arnOf(type)], { Owner: 'a@example.com' }, contextFor())).toMatchObject([
          { ok: true },
        ]);
        expect(await tagsOf(type)).toEqual(deaf ? before : { ...before, Owner: 'a@example.com' });
        expect(await recorded.estate.untag([arnOf(type)], ['Owner'], contextFor())).toMatchObject([{ ok: true }]);
      }
      expect(await tagsOf(type)).toEqual(before);
      const declared = [list, set, remove].flatMap((part) => Object.keys(part ?? {}));
      expect(actionsOf(recorded)).toEqual([...new Set(declared.map((action) => action.split(':')[1]))].sort());
    });
  });

  it('takes its tags from GetResources where its listing has none, by a filter that names it', async () => {
    for (const type of types) {
      const { taggingFilter } = await driverOf(type);
      if (taggingFilter === undefined) continue;
      const answers = answersOf(type);
      recorded = openRecorded(moto.url, types);
      recorded.answer = (call) => {
        if (call.operation !== 'GetResources') return answers(call);
        expect(call.input).toMatchObject({ ResourceTypeFilters: [taggingFilter] });
        const Tags = [{ Key: 'Owner', Value: 'b@example.com' }];
        return {
          status: 200,
          body: JSON.stringify({ ResourceTagMappingList: [{ ResourceARN: arnOf(type), Tags }] }),
        };
      };
      const { resources } = await recorded.list(type);
      expect([type, mine(resources, type)?.tags]).toEqual([type, { Owner: 'b@example.com' }]);
    }
  });

  describe('whose answer of 200 says nothing is a failure, never an empty listing', () => {
    it.each(types)('%s', async (type) => {
      const first = answersOf(type);
      recorded.answer = first;
      await recorded.list(type);
      const operations = [...new Set(recorded.calls.map(({ operation }) => operation))];
      for (const hollow of operations)
        for (const body of ['', '{}', '<html><body>Welcome</body></html>']) {
          // SQS answers {} where there is no queue.
          if (hollow === 'ListQueues' && body === '{}') continue;
          const answers = answersOf(type);
          recorded.answer = (call) => (call.operation === hollow ? { status: 200, body } : answers(call));
          const { failure } = await recorded.list(type);
          expect([hollow, body, failure?.type]).toEqual([hollow, body, type]);
        }
    });
  });

  it('one that may not be described leaves the others, and is told', async () => {
    const denied = { status: 400, body: JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }) };
    const cases = [
      ['kms:key', 'DescribeKey', /^1 of 2 keys could not be read: kms refused/],
      ['eks:nodegroup', 'ListNodegroups', /^1 of 2 clusters could not be read: eks refused/],
      ['glue:table', 'GetTables', /^1 of 2 databases could not be read: glue refused/],
    ] as const;
    const second = await makers['kms:key']({ endpoint: moto.url, region: east });
    for (const [type, operation, message] of cases) {
      let refused = false;
      // The key, cluster or database that is not the one looked for.
      recorded.answer = (call) => {
        const asked = JSON.stringify(call.input);
        const another = asked.includes(second?.split('/').at(-1) ?? '') || /kube|lake/.test(asked);
        if (call.operation !== operation || !another) return undefined;
        refused = true;
        return denied;
      };
      const { resources, failure } = await recorded.list(type);
      expect([type, refused, mine(resources, type)?.arn]).toEqual([type, true, arnOf(type)]);
      expect(failure).toMatchObject({ type, code: 'access_denied', message: expect.stringMatching(message) });
    }
  });

  it('that does not exist is no failure when it is read', async () => {
    const absent = [
      `arn:aws:dynamodb:${east}:${home}:table/none`,
      `arn:aws:sqs:${east}:${home}:none`,
      `arn:aws:kms:${east}:${home}:key/00000000-0000-0000-0000-000000000000`,
      `arn:aws:eks:${east}:${home}:cluster/none`,
      `arn:aws:eks:${east}:${home}:nodegroup/none/none/1`,
      `arn:aws:codebuild:${east}:${home}:project/none`,
      `arn:aws:secretsmanager:${east}:${home}:secret:none-AbCdEf`,
      `arn:aws:ecs:${east}:${home}:task-definition/none:1`,
      `arn:aws:elasticmapreduce:${east}:${home}:cluster/j-NONE`,
      `arn:aws:sagemaker:${east}:${home}:endpoint/none`,
      `arn:aws:glue:${east}:${home}:table/none/none`,
      `arn:aws:apigateway:${east}::/restapis/none`,
    ];
    // moto leaves out which projects it did not find.
    recorded.answer = ({ operation }) =>
      operation === 'BatchGetProjects'
        ? { status: 200, body: JSON.stringify({ projects: [], projectsNotFound: ['none'] }) }
        : undefined;
    const found = await recorded.estate.read(absent, contextFor());
    expect([...found.values()]).toEqual([]);
  });

  it('a project keeps its other tags when one is set, and none is rewritten whose tags were not told', async () => {
    const arn = arnOf('codebuild:project');
    const answers = answersOf('codebuild:project');
    recorded.answer = (call) => (call.operation === 'TagResources' ? unreachable(arn) : answers(call));
    await recorded.estate.tag([arn], { Owner: 'a@example.com' }, contextFor());
    const written = recorded.calls.filter(({ operation }) => operation === 'UpdateProject');
    expect(written.map(({ input }) => input)).toEqual([
      {
        name: 'builder',
        tags: [
          { key: 'Team', value: 'tools' },
          { key: 'Owner', value: 'a@example.com' },
        ],
      },
    ]);
    recorded = openRecorded(moto.url, types);
    recorded.answer = (call) => {
      if (call.operation === 'TagResources') return unreachable(arn);
      if (call.operation !== 'BatchGetProjects') return undefined;
      return { status: 200, body: JSON.stringify({ projects: [{ name: 'builder', arn }] }) };
    };
    const [outcome] = await recorded.estate.tag([arn], { Owner: 'a@example.com' }, contextFor());
    expect(outcome).toMatchObject({ ok: false, code: 'malformed_answer' });
    expect(recorded.calls.map(({ operation }) => operation)).not.toContain('UpdateProject');
  });

  it('a key of AWS or one that waits to be deleted is none of the account’s to tag', async () => {
    const metadata = { KeyId: 'k', Arn: 'a', CreationDate: 1 };
    for (const odd of [
      { KeyManager: 'AWS', KeyState: 'Enabled' },
      { KeyManager: 'CUSTOMER', KeyState: 'PendingDeletion' },
    ]) {
      recorded.answer = ({ operation }) => {
        if (operation === 'ListKeys') return { status: 200, body: JSON.stringify({ Keys: [{ KeyId: 'k' }] }) };
        if (operation !== 'DescribeKey') return undefined;
        return { status: 200, body: JSON.stringify({ KeyMetadata: { ...metadata, ...odd } }) };
      };
      expect(await recorded.list('kms:key')).toMatchObject({ resources: [] });
    }
  });

  describe('that belongs to a whole account', () => {
    const zone = 'route53:hostedzone';

    it('is listed in us-east-1 once, and in no other region', async () => {
      recorded = openRecorded(moto.url, types, { regions: [west, east] });
      expect((await recorded.list(zone, west)).resources).toEqual([]);
      expect(recorded.calls).toEqual([]);
      expect(mine((await recorded.list(zone, east)).resources, zone)).toMatchObject({ region: east });
    });

    it('is told under the first region where us-east-1 is not enabled, and asked there all the same', async () => {
      recorded = openRecorded(moto.url, types, { regions: [west] });
      expect(mine((await recorded.list(zone, west)).resources, zone)).toMatchObject({ region: west });
      const read = (await recorded.estate.read([arnOf(zone)], contextFor())).get(arnOf(zone));
      expect(read).toMatchObject({ accountId: home, region: west });
      expect(new Set(recorded.calls.map(({ region }) => region))).toEqual(new Set([east]));
    });

    it('and whose ARN names no account is read and tagged in the one that has it', async () => {
      const there = await configFor(moto.url, member, east);
      const arn = (await makers[zone](there)) ?? '';
      recorded = openRecorded(moto.url, types, { accounts: [home, member] });
      const found = await recorded.estate.read([arn, arnOf(zone)], contextFor());
      expect(found.get(arn)).toMatchObject({ accountId: member });
      expect(found.get(arnOf(zone))).toMatchObject({ accountId: home });
      recorded.answer = ({ operation }) => (operation === 'TagResources' ? unreachable(arn) : undefined);
      expect(await recorded.estate.tag([arn], { Owner: 'z@example.com' }, contextFor())).toMatchObject([{ ok: true }]);
      const after = (await recorded.estate.read([arn], contextFor())).get(arn);
      expect(after).toMatchObject({ accountId: member, tags: { Owner: 'z@example.com' } });
      expect(recorded.calls.map(({ operation }) => operation)).toContain('ChangeTagsForResource');
      const api = arnOf('apigateway:restapi');
      expect((await recorded.estate.read([api], contextFor())).get(api)).toMatchObject({ accountId: home });
    });
  });
});

describe('answers by the model of an API', () => {
  const model = JSON.parse(readFileSync(join(import.meta.dirname, 'api-model.json'), 'utf8'));

  /** Dates are text or seconds since 1970, by the protocol of the API. */
  const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
    timestamp: (value) => typeof value === 'number' || !Number.isNaN(Date.parse(String(value))),
    integer: Number.isInteger,
  };

  /** Whether each member of an answer is in the model, of its type. */
  const fits = (value: unknown, shape: unknown): boolean => {
    if (typeof shape === 'string') return kinds[shape]?.(value) ?? typeof value === shape;
    if (Array.isArray(shape)) return Array.isArray(value) && value.every((each) => fits(each, shape[0]));
    const members = Object(shape);
    return Object.entries(Object(value)).every(([name, inner]) => fits(inner, members[name] ?? members['*']));
  };

  it.each(Object.keys(modelled) as TaggableType[])('of %s have its shape', async (type) => {
    const told: string[] = [];
    const answers = answersOf(type, (call, answer) => {
      const name = `${call.api} ${call.operation}`;
      told.push(name);
      expect([name, fits(answer, model.outputs[name])]).toEqual([name, true]);
    });
    const { service } = await driverOf(type);
    const call = (operation: string, input: unknown = {}) => answers({ api: service, operation, region: east, input });
    call('TagResource', { Tags: { Owner: 'a' }, tags: { Owner: 'a' } });
    const operations = ['ListAgents', 'ListKnowledgeBases', 'ListPipelines', 'ListTagsForResource'];
    for (const operation of [...operations, 'UntagResource', 'UpdateProject']) call(operation);
    expect(told).not.toEqual([]);
  });
});
