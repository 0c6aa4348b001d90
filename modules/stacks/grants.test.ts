import { packs } from '../../contracts/packs/index.ts';
import { customImage } from '../testing/custom-image.ts';
import { primaryDeploymentOf } from '../testing/synthesized.ts';
import { roleName, taskGrantsOf } from './grants.ts';
import type { AuthOutputs, StorageOutputs } from './outputs.ts';

const arn = (name: string) => ({ name, arn: `arn:aws:x:::${name}` });
const storage: StorageOutputs = {
  keys: { data: 'key/data', secrets: 'key/secrets' },
  tables: { operations: arn('operations') },
  buckets: { data: arn('data'), archive: arn('archive') },
  secrets: { app: 'secret/app' },
};
const postgres: StorageOutputs = {
  keys: {},
  buckets: {},
  secrets: { 'encryption-keys': 'secret/encryption-keys' },
  database: { host: 'h', port: '5432', name: 'n', identifier: 'i', arn: 'a', secretArn: 'secret/rds' },
};
const auth: AuthOutputs = { userPool: { id: 'p', arn: 'pool', domain: 'd' } };
const domain = { mailIdentityArn: 'mail' };

const granted = async (name: string, held = storage, changes: Record<string, unknown> = {}) =>
  taskGrantsOf({ deployment: await primaryDeploymentOf(name, changes), storage: held, auth, domain, queueArns: [] });

describe('what the service is granted', () => {
  it('dev: its tools, its tables and their key, and no secret, for its container is handed them', async () => {
    const grants = await granted('dev');
    expect(grants).toMatchObject({
      region: 'us-east-1',
      tools: {
        packs: [
          {
            contract: packs.tagging,
            regions: ['us-east-1'],
            assumed: { accounts: [], role: 'CrossAccountTagAuditRole' },
          },
        ],
        own: { project: 'countersign', bucketArns: ['arn:aws:x:::data', 'arn:aws:x:::archive'] },
      },
      tables: { operations: 'arn:aws:x:::operations' },
      dataBucket: { folders: ['packs/tagging'] },
      anchorBucketArn: 'arn:aws:x:::archive',
      keys: { data: { keyArn: 'key/data', services: ['dynamodb', 's3'] } },
    });
    for (const absent of ['secretArns', 'databaseSecretArn', 'mail', 'updatesTables', 'traces', 'shell'])
      expect(grants).not.toHaveProperty(absent);
  });

  it('dev with a mail_domain and no notices: to send nothing', async () => {
    expect((await granted('dev', storage, { mail_domain: 'example.com', notices: false })).mail).toBeUndefined();
  });

  it('dev with a mail_domain: to send as one sender, through the configuration set', async () => {
    expect((await granted('dev', storage, { mail_domain: 'example.com' })).mail).toEqual({
      identityArn: 'mail',
      configurationSetArn: 'arn:aws:ses:us-east-1:111122223333:configuration-set/countersign-dev-mail',
      from: 'no-reply@example.com',
    });
  });

  it('tag-governance: the database’s password, traces, and the estate of the settings', async () => {
    expect(await granted('examples/tag-governance/prod', postgres)).toMatchObject({
      databaseSecretArn: 'secret/rds',
      traces: true,
      tools: {
        packs: [
          {
            regions: ['us-east-1', 'us-west-2'],
            assumed: { accounts: ['111122223333', '444455556666'], externalId: 'finops-mcp-cross-account-v1' },
          },
        ],
      },
    });
  });

  it.each(['examples/startup/prod', 'examples/startup/staging'])('%s: fetches its secrets itself', async (name) => {
    expect(await granted(name, postgres)).toMatchObject({ secretArns: ['secret/encryption-keys'] });
  });

  it('an image of somebody else: what task_grants names, and no tools', async () => {
    const grants = await granted('examples/marketing/prod', storage, customImage);
    expect(grants).toMatchObject({
      secretArns: ['secret/app'],
      updatesTables: true,
      mail: {
        identityArn: 'mail',
        configurationSetArn: 'arn:aws:ses:us-east-1:111122223333:configuration-set/marketing-mcp-mail',
        from: 'no-reply@marketing.example.com',
      },
      metricNamespaces: ['Countersign', 'marketing-mcp'],
      keys: { data: { services: ['dynamodb'] }, secrets: { services: ['secretsmanager'] } },
    });
    expect(grants).not.toHaveProperty('tools');
    expect(grants).not.toHaveProperty('userPoolArn');
  });

  it('an image of somebody else: the folders of its bucket and its user pool, where it may have them', async () => {
    const image = { ...customImage, task_grants: ['data-bucket', 'identity'] };
    expect(await granted('examples/alerts/prod', storage, image)).toMatchObject({
      dataBucket: { arn: 'arn:aws:x:::data', folders: ['alerts', 'logs', 'configs', 'data', 'temp'] },
      userPoolArn: 'pool',
      keys: { data: { services: ['s3'] } },
    });
    expect(await granted('examples/alerts/prod', storage, { ...customImage, task_grants: [] })).toEqual({
      region: 'us-east-1',
      keys: {},
    });
  });

  it('alerts: the objects below its own folder, and nobody of its user pool', async () => {
    const grants = await granted('examples/alerts/prod');
    expect(grants.dataBucket).toEqual({ arn: 'arn:aws:x:::data', folders: ['packs/alerts'], inParts: true });
    expect(grants).not.toHaveProperty('userPoolArn');
  });
});

describe('the name of a role', () => {
  it('is the setting’s, and ends with the region in a further one', async () => {
    const deployment = await primaryDeploymentOf('examples/tag-governance/prod');
    expect(roleName(deployment, 'task-role')).toBe('FinOpsTagComplianceFargateTaskRole');
    expect(roleName(deployment, 'execution-role')).toBe('tagging-mcp-execution-role');
    expect(roleName({ ...deployment, primary: false, region: 'us-west-2' }, 'task-role')).toBe(
      'FinOpsTagComplianceFargateTaskRole-us-west-2',
    );
  });
});
