/** What npm run cutover calls is what its role allows, so that nothing is denied in the middle of a shift. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { App, type TerraformStack, Testing } from 'cdktf';
import { addAccess } from '../../../modules/stacks/access.ts';
import { actionsAllowed, rulesOf } from '../../../modules/testing/policy.ts';
import { deploymentOf, readSynthesized } from '../../../modules/testing/synthesized.ts';

/** Prefixes of IAM by the package of the client. */
const prefixes: Readonly<Record<string, string>> = {
  apigatewayv2: 'apigateway',
  'application-auto-scaling': 'application-autoscaling',
  cloudwatch: 'cloudwatch',
  ecs: 'ecs',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  s3: 's3',
  'secrets-manager': 'secretsmanager',
};
/** Calls that IAM names otherwise: those of API Gateway by their HTTP method. */
const named: Readonly<Record<string, string>> = {
  'apigateway:GetApis': 'apigateway:GET',
  's3:ListObjectsV2': 's3:ListBucket',
};
/** What only tests call: it makes the world that a cutover finds. */
const ofTests = ['**/*.test.ts', '**/rig.ts', '**/world.ts'];
/** The workflow moves traffic between colours; a function's cutover is run by an operator, with rights of their own. */
const ofFunctions = ['alias/**'];
/** Anybody may ask who they are. */
const free = ['sts:GetCallerIdentity'];

/** What finds the address that the smoke test calls, for every way in. */
const shared = ['../health/front.ts', '../../platform/variables.ts'];

const calledIn = async (folder: string): Promise<Set<string>> => {
  const called = new Set<string>();
  const files = [...shared];
  for await (const file of glob('**/*.ts', { cwd: folder, exclude: [...ofTests, ...ofFunctions] })) files.push(file);
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

it('the role of cutovers allows every call of the command', async () => {
  const app = Testing.stubVersion(new App({ stackTraces: false }));
  addAccess(app, 'prod', await deploymentOf('prod'));
  const access = readSynthesized(Testing.synth(app.node.findChild('prod-access') as TerraformStack));
  const allowed = actionsAllowed(rulesOf(access, 'cutover_permissions'));
  const called = await calledIn(join(import.meta.dirname, '../cutover'));
  expect(called).toContain('elasticloadbalancing:ModifyRule');
  expect([...called].filter((action) => !allowed.includes(action) && !free.includes(action))).toEqual([]);
});
