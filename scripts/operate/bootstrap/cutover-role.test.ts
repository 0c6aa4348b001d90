/** What npm run cutover calls is what its role allows, so that nothing is denied in the middle of a shift. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { App, type TerraformStack, Testing } from 'cdktf';
import { addAccess } from '../../../modules/stacks/access.ts';
import { actionsAllowed, rulesOf } from '../../../modules/testing/policy.ts';
import { primaryDeploymentOf, readSynthesized } from '../../../modules/testing/synthesized.ts';

/** Prefixes of IAM by the package of the client, where they differ. */
const prefixes: Readonly<Record<string, string>> = {
  apigatewayv2: 'apigateway',
  'application-auto-scaling': 'application-autoscaling',
  'auto-scaling': 'autoscaling',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  'secrets-manager': 'secretsmanager',
};
/** Calls that IAM names otherwise: those of API Gateway by their HTTP method. */
const named: Readonly<Record<string, string>> = {
  'apigateway:GetApis': 'apigateway:GET',
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:ListObjectsV2': 's3:ListBucket',
};
/** What only tests call: it makes the world that a cutover finds. */
const ofTests = ['**/*.test.ts', '**/rig.ts', '**/world.ts', '**/memory.ts', '**/stand-in.ts'];
/** Anybody may ask who they are. */
const free = ['sts:GetCallerIdentity'];
const shared = ['../../platform/variables.ts', '../alarms/of-environment.ts', '../read-object.ts'];
const ofServices = '../services.ts';
/** What looks whether maintenance is on; its other calls switch it. */
const maintenance = [
  ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules'],
  ['lambda:GetFunctionConcurrency'],
] as const;
/** What finds the address that the smoke test calls. A function is asked by its number instead. */
const address = ['../health/front.ts'];
/** Only a colour, and a function behind CloudFront, are reached by a secret. */
const secret = ['secretsmanager:GetSecretValue'];

const calledIn = async (
  folder: string,
  others: readonly string[],
  besides: readonly string[],
): Promise<Set<string>> => {
  const called = new Set<string>();
  const files = [...shared, ...besides];
  const exclude = [...ofTests, ...others.map((other) => `${other}/**`)];
  for await (const file of glob('**/*.ts', { cwd: folder, exclude })) files.push(file);
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    for (const [, names = '', client = ''] of text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g))
      for (const [, command, pages] of names.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g)) {
        const action = `${prefixes[client] ?? client}:${command ?? pages}`;
        called.add(named[action] ?? action);
      }
  }
  return called;
};

it.each([
  ['prod', {}, ['alias', 'refresh'], [...address, ofServices], 'elasticloadbalancing:ModifyRule', []],
  ['examples/startup/prod', { lambda_cutover: true }, ['fargate', 'refresh'], [], 'lambda:UpdateAlias', []],
  [
    'examples/startup/staging',
    { instance_cutover: true },
    ['fargate', 'alias'],
    address,
    'autoscaling:StartInstanceRefresh',
    secret,
  ],
] as const)(
  'the role of cutovers allows every call of the command: %s',
  async (name, changes, others, besides, one, unused) => {
    const app = Testing.stubVersion(new App({ stackTraces: false, outdir: 'unused' }));
    addAccess(app, 'any', await primaryDeploymentOf(name, { github_repository: 'example/countersign', ...changes }));
    const access = readSynthesized(Testing.synth(app.node.findChild('any-access') as TerraformStack));
    const allowed = actionsAllowed(rulesOf(access, 'cutover_permissions'));
    const called = await calledIn(join(import.meta.dirname, '../cutover'), others, besides);
    expect(called).toContain(one);
    expect(maintenance.some((looks) => looks.every((action) => allowed.includes(action)))).toBe(true);
    expect([...called].filter((action) => ![...allowed, ...free, ...unused].includes(action))).toEqual([]);
  },
);
