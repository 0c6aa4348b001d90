/**
 * The role of the running service against what the service does: its stories run on a stand-in for AWS, every call is
 * recorded on the wire, and the role of the synthesized environment is asked whether it would have let it through.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { coreTools } from '../../contracts/packs/core.ts';
import { packs, type ToolName } from '../../contracts/packs/index.ts';
import type { TableContract } from '../../contracts/table.ts';
import { tableNames, tables } from '../../contracts/tables.ts';
import { synthesize } from '../../modules/stacks/synthesize.ts';
import { actionsAllowed, decide, type JudgedStatement, type Request, rulesOf } from '../../modules/testing/policy.ts';
import { archives, readSynthesized, settingsOf } from '../../modules/testing/synthesized.ts';
import { openDirectory } from '../../service/src/auth/directory.ts';
import { openTagging } from '../../service/src/packs/tagging/open.ts';
import { openSenders } from '../../service/src/senders/open.ts';
import { createDynamoTables } from '../../service/src/stores/dynamodb/create.ts';
import { type Answer, awsError, type Edge, startEdge, type UpstreamCall } from '../../service/test/estate/edge.ts';
import {
  configFor,
  createBucket,
  createContainers,
  createDatabase,
  createDomain,
  createFunctions,
  createInstances,
  east,
  home,
  member,
  useTestCredentials,
} from '../../service/test/estate/moto-cloud.ts';
import { approveByTool, ask, complianceNow, Detail, Requested, Untagged } from '../../service/test/rigs/answers.ts';
import { type Agent, ModernAgent, type Structured } from '../../service/test/rigs/clients.ts';
import { Person } from '../../service/test/rigs/person.ts';
import { auditThere, putAudit } from '../../service/test/rigs/scheduled-audit.ts';
import { type ServiceRig, startService } from '../../service/test/rigs/service.ts';
import { startMoto } from '../../service/test/servers/moto.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import { startProxy, type TestProxy } from '../../service/test/servers/proxy.ts';
import type { TestServer } from '../../service/test/servers/server.ts';
import { iamRequests } from './iam-requests.ts';

const externalId = 'finops-mcp-cross-account-v1';
const estate = {
  account_id: home,
  estate_accounts: [home, member],
  estate_regions: [east],
  cross_account_external_id: externalId,
  mail_domain: 'example.com',
};
const mail = { MAIL_FROM: 'no-reply@example.com', MAIL_CONFIGURATION_SET: 'countersign-dev-mail' };

/** What the platform itself needs of AWS, whatever the packs, and why. */
const platform: Readonly<Record<string, string>> = {
  'dynamodb:DeleteItem': 'sign-outs, used codes and spent intents',
  'dynamodb:GetItem': 'rows by key, and the readiness check',
  'dynamodb:PutItem': 'new rows, alone and in transactions',
  'dynamodb:Query': 'lists, of tables and indexes',
  'dynamodb:Scan': 'the heads of the audit log, to look at and anchor them',
  'dynamodb:UpdateItem': 'rows written again, alone and in transactions',
  'logs:CreateLogStream': 'the record of a shell, as ECS Exec is on in dev',
  'logs:DescribeLogGroups': 'the same',
  'logs:DescribeLogStreams': 'the same',
  'logs:PutLogEvents': 'the same',
  'kms:Decrypt': 'the same: the session is encrypted',
  'sqs:DeleteMessage': 'ids of jobs that have their lease',
  'sqs:ReceiveMessage': 'ids of jobs, and the tick of each minute',
  'sqs:SendMessage': 'ids of jobs, to whichever task is free',
  'ses:SendEmail': 'notices to people, from one sender through one configuration set',
  's3:AbortMultipartUpload': 'files of a pack: exports of violations',
  's3:DeleteObject': 'the same',
  's3:GetObject': 'the same',
  's3:ListBucket': 'the same',
  's3:PutObject': 'the same',
  'ssmmessages:CreateControlChannel': 'the shell itself',
  'ssmmessages:CreateDataChannel': 'the shell itself',
  'ssmmessages:OpenControlChannel': 'the shell itself',
  'ssmmessages:OpenDataChannel': 'the shell itself',
};

/** What is allowed and yet not asked for in these stories, and why it is needed all the same. */
const unasked: Readonly<Record<string, string>> = {
  's3:AbortMultipartUpload':
    'files are kept in a folder here; files.test.ts keeps them in a bucket, by the same statement',
  's3:DeleteObject': 'the same',
  's3:GetObject': 'the same',
  's3:ListBucket': 'the same',
  's3:PutObject': 'the same',
  's3:TagResource': 'the tagging API asks for it where a bucket uses tags for access',
  's3:UntagResource': 'the same',
};

/** The task role of an environment as Terraform would make it; tables are named in the same stack. */
const taskRole = async (
  name: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<readonly JudgedStatement[]> => {
  const outdir = await mkdtemp(join(tmpdir(), 'countersign-iam-'));
  try {
    const target = { kind: 'offline', stateFolder: outdir } as const;
    const regions = await settingsOf(name, changes);
    const stacks = await synthesize({ label: name, regions, target, outdir, archives });
    const file = join(outdir, 'stacks', stacks.at(-1) ?? '', 'cdk.tf.json');
    const json = await readFile(file, 'utf8');
    const tables = readSynthesized(json).all('aws_dynamodb_table');
    const queues = readSynthesized(json).all('aws_sqs_queue');
    const resolved = json
      .replaceAll(/\$\{aws_dynamodb_table\.(\w+)\.arn\}/g, (_, address: string) => {
        const table = tables[address];
        return `arn:aws:dynamodb:${east}:${home}:table/${table?.name}`;
      })
      .replaceAll(
        /\$\{aws_sqs_queue\.([\w-]+)\.arn\}/g,
        (_, address: string) => `arn:aws:sqs:${east}:${home}:${queues[address]?.name}`,
      )
      .replaceAll(/\$\{aws_sesv2_email_identity\.\w+\.arn\}/g, `arn:aws:ses:${east}:${home}:identity/example.com`);
    return rulesOf(readSynthesized(resolved), 'service_containers_task-role_permissions');
  } finally {
    await rm(outdir, { recursive: true });
  }
};

const aPolicy = 'p-examplepolicy1';
/** moto knows neither what is in effect nor what is required. Nothing is in effect, so that the start looks at what is attached. */
const ofTagPolicies: Readonly<Record<string, Answer>> = {
  DescribeEffectivePolicy: awsError(400, 'EffectivePolicyNotFoundException'),
  DescribePolicy: {
    status: 200,
    json: { Policy: { PolicySummary: { Type: 'TAG_POLICY' }, Content: '{"tags":{"owner":{"tag_key":"Owner"}}}' } },
  },
  ListParents: { status: 200, json: { Parents: [] } },
  ListRequiredTags: { status: 200, json: { RequiredTags: [] } },
};

/** Everything of these types that lacks an owner, and one that is in another account. */
const furnish = async (endpoint: string): Promise<string[]> => {
  const here = await configFor(endpoint, home, east);
  const tags = { CostCenter: 'Platform', Environment: 'test' };
  const [instance = ''] = await createInstances(here, 1, tags);
  await createDatabase(here, 'orders', tags);
  await createBucket(here, 'example-papers');
  await createFunctions(here, ['job'], tags);
  await createFunctions(here, ['report', 'mailer'], tags);
  await createContainers(here, 'web', ['api']);
  await createDomain(here, 'logs');
  await createInstances(await configFor(endpoint, member, east), 1, { Owner: 'member@example.com' });
  const arn = (service: string, resource: string) => `arn:aws:${service}:${east}:${home}:${resource}`;
  return [
    arn('ec2', `instance/${instance}`),
    arn('rds', 'db:orders'),
    'arn:aws:s3:::example-papers',
    arn('lambda', 'function:job'),
    arn('ecs', 'cluster/web'),
    arn('ecs', 'service/web/api'),
    arn('es', 'domain/logs'),
  ];
};

await describeWith(['moto_server'], 'The role of the service', () => {
  let moto: TestServer;
  let serial: TestProxy;
  let upstream: Edge;
  let store: Edge;
  let queue: Edge;
  let service: ServiceRig;
  let rules: readonly JudgedStatement[];
  /** Calls made for a tool, by its name. */
  const during = new Map<string, UpstreamCall[]>();
  const recorded: UpstreamCall[] = [];

  /** An agent whose calls say which tool they were made for. */
  const watched = (agent: Agent): Agent => ({
    ...agent,
    tools: () => agent.tools(),
    close: () => agent.close(),
    call: async (tool, args, options): Promise<Structured> => {
      const from = upstream.calls.length;
      try {
        return await agent.call(tool, args, options);
      } finally {
        during.set(tool, [...(during.get(tool) ?? []), ...upstream.calls.slice(from)]);
      }
    },
  });

  const begin = async (): Promise<string[]> => {
    useTestCredentials();
    moto = await startMoto();
    const settings = { ...estate, job_queue: 'sqs', auto_import_aws_policy: true, read_account_names: true };
    [serial, rules] = await Promise.all([startProxy(moto.url), taskRole('dev', settings)]);
    [upstream, store, queue] = await Promise.all([startEdge(moto.url), startEdge(serial.url), startEdge(moto.url)]);
    const sqs = new SQSClient({ region: east, endpoint: moto.url });
    await sqs.send(new CreateQueueCommand({ QueueName: 'countersign-dev-jobs' }));
    sqs.destroy();
    // moto answers with no period at all, which is no answer; Cost Explorer names each, with nothing in it where nothing was spent.
    // Instances were paid for: only then is it asked for more detail.
    const paid = { Metrics: { UnblendedCost: { Amount: '5', Unit: 'USD' } } };
    const Groups = [{ ...paid, Keys: [home, 'Amazon Elastic Compute Cloud - Compute'] }];
    upstream.answer = ({ service, action, body }) => {
      if (Object.hasOwn(ofTagPolicies, action)) return ofTagPolicies[action];
      if (service !== 'ce') return undefined;
      const byService = JSON.parse(body).GroupBy.some(({ Key }: { Key: string }) => Key === 'SERVICE');
      return { status: 200, json: { ResultsByTime: [{ Groups: byService ? Groups : [], Total: {} }] } };
    };
    const organization = new OrganizationsClient({ region: east, endpoint: moto.url });
    await organization.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    organization.destroy();
    const prefix = 'countersign-dev-';
    await createDynamoTables({ prefix, region: east, endpoint: moto.url });
    const arns = await furnish(moto.url);
    service = await startService({
      environment: {
        STORE: 'dynamodb',
        AWS_REGION: east,
        TABLE_PREFIX: prefix,
        DYNAMODB_ENDPOINT: store.url,
        AWS_ENDPOINT_URL: queue.url,
        JOBS_QUEUE_URL: `https://sqs.${east}.amazonaws.com/${home}/countersign-dev-jobs`,
        ENCRYPTION_KEY: randomBytes(48).toString('base64'),
      },
      overrides: {
        // The real estate, with the sandbox's people: signing in calls nothing of AWS.
        packs: {
          tagging: (services) =>
            openTagging({
              ...services,
              config: {
                ...services.config,
                ESTATE: 'aws',
                AWS_ENDPOINT_URL: upstream.url,
                ESTATE_ACCOUNTS: [home, member],
                ESTATE_REGIONS: [east],
                AUTO_IMPORT_AWS_POLICY: true,
                CROSS_ACCOUNT_EXTERNAL_ID: externalId,
              },
            }),
        },
      },
    });
    return arns;
  };

  const read = async (agent: Agent): Promise<void> => {
    const { data_quality } = await complianceNow(agent);
    expect(data_quality.failed_accounts).toEqual([]);
    await ask(agent, Untagged, 'find_untagged_resources', { include_costs: true, limit: 200 });
    await agent.call('get_cost_attribution_gap', { group_by: 'service' });
    await agent.call('get_violation_history');
    await agent.call('generate_compliance_report');
    await agent.call('export_violations_csv');
    await agent.call('get_tagging_policy');
    await agent.call('list_pending_operations');
    await agent.call('check_tag_compliance', { store_snapshot: true });
    await expect(agent.call('stop_scan', { scan_id: 'none' })).rejects.toThrow();
  };

  const govern = async (admin: Agent): Promise<void> => {
    const shown = await admin.call('import_aws_tag_policy', { policy_id: aPolicy, save_to_file: false });
    expect(shown).toMatchObject({ status: 'success' });
    await admin.call('change_tagging_policy', { policy: { version: '2', last_updated: 'today', required_tags: [] } });
  };

  const change = async (agent: Agent, approver: Agent, arns: string[]): Promise<void> => {
    const ben = new Person('ben');
    const args = { resource_arns: arns, tags: { Owner: 'platform@example.com' } };
    await agent.call('preview_bulk_tagging', args);
    await agent.call('validate_resource_tags', { resource_arns: arns });
    for (const arn of arns) await agent.call('suggest_tags', { resource_arn: arn });
    await agent.call('untag_resources', { resource_arns: arns, tag_keys: ['Owner'] });
    const first = await ask(agent, Requested, 'bulk_tag_resources', args);
    await ben.answer(first.approval_url, 'approve');
    const state = await ask(agent, Detail, 'get_operation', { operation_id: first.request_id });
    expect(state).toMatchObject({ status: 'applied', result: { failed: 0 } });
    // What was just written has moved since the snapshot, so it is asked who wrote it.
    const moved = await agent.call('detect_tag_drift', { tag_keys: ['Owner'], force_refresh: true });
    expect(moved).toMatchObject({ status: 'compared', total_drifts: arns.length });
    const revert = await ask(agent, Detail, 'rollback_operation', { operation_id: first.request_id });
    const { operation_id, approval_hash } = revert;
    await approver.call('approve_operation', { operation_id, action: 'approve', approval_hash });
    const second = await ask(agent, Requested, 'bulk_tag_resources', args);
    await approveByTool(approver, second.request_id);
    const third = await ask(agent, Requested, 'bulk_tag_resources', { ...args, tags: { Owner: 'late@example.com' } });
    await agent.call('confirm_operation', { operation_id: third.request_id, action: 'withdraw' });
    await agent.call('wait_for_operation', { operation_id: third.request_id });
    await agent.call('get_audit_log', { limit: 10 });
    await ben.open(`${service.url}/apps`);
  };

  /** The sandbox's people read their messages on a page, so that this story sends one itself. */
  const notify = async (): Promise<void> => {
    const ses = new SESv2Client({ region: east, endpoint: moto.url });
    await ses.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }));
    const { senders, close } = await openSenders({
      config: { ...mail, ENVIRONMENT: 'dev', AWS_REGION: east, AWS_ENDPOINT_URL: upstream.url },
      metrics: { count: () => {}, observe: () => {}, set: () => {} },
      now: () => new Date(),
    });
    const body = { subject: 'A change waits', text: 'See it', html: '<p>See it</p>' };
    const sent = await senders.mail?.({ id: 'evt_1', body }, { to: 'ana@example.com' }, AbortSignal.timeout(30_000));
    expect(sent).toEqual({ outcome: 'accepted' });
    await close();
    // Who is told, where people sign in at their company.
    const config = { DEMO_PEOPLE: false, SSO_ISSUER: 'https://login.example.com' };
    await openDirectory({ tables: service.running.state.tables, config, now: () => new Date() }).all();
  };

  beforeAll(async () => {
    const arns = await begin();
    await notify();
    const agent = watched(await ModernAgent.connect(service.url, new Person('ana')));
    const approver = watched(await ModernAgent.connect(service.url, new Person('ben')));
    await read(agent);
    await change(agent, approver, arns);
    const admin = watched(await ModernAgent.connect(service.url, new Person('ada')));
    await putAudit(service.running.state.tables);
    const audit = { schedule: 'daily', time: '09:00', recipients: ['ada@example.com'] };
    await admin.call('schedule_compliance_audit', audit);
    for (const tool of ['pause_compliance_audit', 'delete_compliance_audit'])
      await admin.call(tool, { schedule_id: auditThere });
    await admin.call('list_compliance_audits');
    await govern(admin);
    await admin.close();
    await agent.close();
    await approver.close();
    // A message about the changes goes through the queue of jobs.
    const carried = () => queue.calls.some(({ action }) => action === 'DeleteMessage');
    for (const end = Date.now() + 20_000; !carried() && Date.now() < end; ) await sleep(50);
    await service.stop();
    // What is asked with a role of another account is that account's to decide.
    recorded.push(
      ...[...store.calls, ...upstream.calls, ...queue.calls].filter(({ accessKeyId }) => accessKeyId === 'testing'),
    );
  }, 240_000);
  afterAll(async () => {
    await queue?.stop();
    await upstream?.stop();
    await store?.stop();
    await serial?.stop();
    await moto?.stop();
  });

  /** Demo people, which no deployed service has, are told in a table that none has. */
  const ofSandbox = ({ resource }: Request): boolean =>
    tableNames.some(
      (name) =>
        (tables[name] as TableContract).sandboxOnly === true && resource.endsWith(`:table/countersign-dev-${name}`),
    );
  const requests = () => recorded.flatMap((call) => iamRequests(call, home)).filter((request) => !ofSandbox(request));

  it('lets every call through that the stories make', () => {
    const refused = requests().filter((request) => !decide(rules, request).allowed);
    expect([...new Set(refused.map(({ action, resource }) => `${action} ${resource}`))]).toEqual([]);
    expect(recorded.length).toBeGreaterThan(100);
    expect(new Set(recorded.map((call) => call.service)).size).toBe(14);
    expect(service.faults()).toEqual([]);
  });

  it('allows nothing that no enabled tool declares and the platform does not need', () => {
    const declared = new Set<string>(Object.values(packs.tagging.tools).flatMap((tool) => tool.actions));
    const unknown = actionsAllowed(rules).filter((action) => !declared.has(action) && platform[action] === undefined);
    expect(unknown).toEqual([]);
    expect(Object.keys(platform).filter((action) => !actionsAllowed(rules).includes(action))).toEqual([]);
  });

  it('allows nothing that is never asked for, but what is written down', () => {
    const asked = new Set(requests().map(({ action }) => action));
    const idle = actionsAllowed(rules).filter(
      (action) => !asked.has(action) && unasked[action] === undefined && !/^(logs|ssmmessages|kms):/.test(action),
    );
    expect(idle).toEqual([]);
    expect(Object.keys(unasked).filter((action) => asked.has(action))).toEqual([]);
  });

  it('every tool calls only what it declares, and those of the pipeline what the change under them does', () => {
    const ofChanges = packs.tagging.tools.bulk_tag_resources.actions;
    for (const [tool, calls] of during) {
      const declared: readonly string[] = Object.hasOwn(coreTools, tool)
        ? ofChanges
        : (packs.tagging.tools[tool as keyof typeof packs.tagging.tools]?.actions ?? []);
      const asked = calls.flatMap((call) => iamRequests(call, home)).map(({ action }) => action);
      expect([tool, [...new Set(asked)].filter((action) => !declared.includes(action))]).toEqual([tool, []]);
    }
    const all: readonly ToolName[] = [
      ...(Object.keys(packs.tagging.tools) as ToolName[]),
      ...(Object.keys(coreTools) as ToolName[]),
    ];
    expect([...during.keys()].toSorted()).toEqual([...all].toSorted());
  });

  it('would refuse what the service never does: its audit log erased, tags elsewhere, its own tags, mail of others', () => {
    const table = `arn:aws:dynamodb:${east}:${home}:table/countersign-dev-audit-logs`;
    const here = { 'aws:RequestedRegion': east, 'aws:ResourceAccount': home };
    const refused: readonly Request[] = [
      { action: 'dynamodb:DeleteItem', resource: table },
      { action: 'dynamodb:Scan', resource: table },
      {
        action: 'ec2:CreateTags',
        resource: `arn:aws:ec2:sa-east-1:${home}:instance/i-1`,
        context: { 'aws:RequestedRegion': 'sa-east-1' },
      },
      { action: 'sts:AssumeRole', resource: `arn:aws:iam::${member}:role/CrossAccountTagAuditRole` },
      {
        action: 'ecs:TagResource',
        resource: `arn:aws:ecs:${east}:${home}:cluster/own`,
        context: { ...here, 'aws:ResourceTag/ManagedBy': 'countersign', 'aws:ResourceTag/Project': 'countersign' },
      },
      {
        action: 'ses:SendEmail',
        resource: `arn:aws:ses:${east}:${home}:identity/example.com`,
        context: { 'ses:FromAddress': 'ceo@example.com' },
      },
      {
        action: 'ses:SendEmail',
        resource: `arn:aws:ses:${east}:${home}:identity/example.org`,
        context: { 'ses:FromAddress': mail.MAIL_FROM },
      },
    ];
    expect(refused.filter((request) => decide(rules, request).allowed)).toEqual([]);
  });
});
