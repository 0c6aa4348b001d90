import { actionsAllowed, decide, rulesOf } from '../testing/policy.ts';
import { synthesized } from '../testing/synthesized.ts';
import { AuthorizerRole } from './authorizer-role.ts';
import { ExecutionRole, type ExecutionRoleProps } from './execution-role.ts';
import { FunctionRole } from './function-role.ts';
import { InstanceRole } from './instance-role.ts';

const region = 'us-east-1';
const accountId = '111122223333';
const image = `${accountId}.dkr.ecr.us-east-1.amazonaws.com/team/app:v1`;
const log = `arn:aws:logs:us-east-1:${accountId}:log-group:/ecs/app`;
const secret = `arn:aws:secretsmanager:us-east-1:${accountId}:secret:app-AbCdEf`;

const execution = (changes: Partial<ExecutionRoleProps> = {}) =>
  rulesOf(
    synthesized(
      (stack) =>
        new ExecutionRole(stack, 'role', {
          name: 'a-execution-role',
          accountId,
          region,
          images: [image],
          logGroupArns: [log],
          secretArns: [secret],
          ...changes,
        }),
    ),
    'role_permissions',
  );

describe('the execution role', () => {
  it('does the six things ECS does, and hands over the secrets of its own', () => {
    expect(actionsAllowed(execution())).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
    const pull = { action: 'ecr:BatchGetImage', resource: `arn:aws:ecr:us-east-1:${accountId}:repository/team/app` };
    expect(decide(execution(), pull).allowed).toBe(true);
    expect(decide(execution(), { ...pull, resource: `${pull.resource}2` }).allowed).toBe(false);
    expect(decide(execution(), { action: 'secretsmanager:GetSecretValue', resource: `${secret}x` }).allowed).toBe(
      false,
    );
  });

  it('decrypts with the secrets’ key where they have one', () => {
    const rules = execution({ secretsKeyArn: 'arn:aws:kms:::key/secrets' });
    const context = { 'kms:ViaService': 'secretsmanager.us-east-1.amazonaws.com' };
    expect(decide(rules, { action: 'kms:Decrypt', resource: 'arn:aws:kms:::key/secrets', context }).allowed).toBe(true);
  });

  it('pulls nothing from a registry that is not the account’s', () => {
    expect(actionsAllowed(execution({ images: ['ghcr.io/example-org/example-app:v1.0.0'], secretArns: [] }))).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });
});

describe('the authorizer’s role', () => {
  const build = (apiKeysSecretArn?: string) =>
    synthesized(
      (stack) => new AuthorizerRole(stack, 'role', { name: 'a', region, logGroupArn: log, apiKeysSecretArn }),
    );

  it('writes its log, and reads the callers’ keys only where they are demanded', () => {
    const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    expect(actionsAllowed(rulesOf(build(), 'role_permissions'))).toEqual(logs);
    expect(actionsAllowed(rulesOf(build(secret), 'role_permissions'))).toEqual([
      ...logs,
      'secretsmanager:GetSecretValue',
    ]);
    expect(JSON.stringify(rulesOf(build(), 'role_trust'))).toContain('lambda.amazonaws.com');
  });
});

describe('the function’s role', () => {
  const build = (inVpc: boolean) =>
    rulesOf(
      synthesized(
        (stack) =>
          new FunctionRole(stack, 'role', {
            name: 'a',
            region,
            accountId,
            functionName: 'app',
            logGroupArn: log,
            secretArns: [secret],
            inVpc,
          }),
      ),
      'role_permissions',
    );

  it('reads its own secrets and writes its log', () => {
    expect(actionsAllowed(build(false))).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
  });

  it('lets Lambda join the VPC with it, and the function’s code not', () => {
    const join = { action: 'ec2:CreateNetworkInterface', resource: '*' };
    const code = { 'lambda:SourceFunctionArn': `arn:aws:lambda:us-east-1:${accountId}:function:app` };
    expect(decide(build(true), join).allowed).toBe(true);
    expect(decide(build(true), { ...join, context: code })).toEqual({ allowed: false, sid: 'DenyVpcToCode' });
    expect(decide(build(false), join).allowed).toBe(false);
  });
});

describe('the instance’s role', () => {
  const role = synthesized(
    (stack) =>
      new InstanceRole(stack, 'role', {
        name: 'a',
        region,
        images: [image],
        logGroupArns: [log],
        secretArns: [secret],
      }),
  );

  it('pulls the image, writes the log, reads the secrets, and lets Session Manager in', () => {
    const allowed = actionsAllowed(rulesOf(role, 'role_permissions'));
    for (const action of ['ecr:BatchGetImage', 'logs:PutLogEvents', 'ssm:UpdateInstanceInformation'])
      expect(allowed).toContain(action);
    expect(allowed).not.toContain('ssm:GetParameter');
    expect(role.one('aws_iam_instance_profile')).toMatchObject({
      name: 'a',
      role: expect.stringContaining('aws_iam_role.role_'),
    });
  });
});
