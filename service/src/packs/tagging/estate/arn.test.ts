import { parseArn, parseArns, resourceKeyOf } from './arn.ts';

const at = 'us-east-1:123456789012';

describe('an ARN', () => {
  it.each([
    [`arn:aws:ec2:${at}:instance/i-0abc`, 'ec2:instance', 'i-0abc'],
    [`arn:aws:ec2:${at}:volume/vol-1`, 'ec2:volume', 'vol-1'],
    [`arn:aws:rds:${at}:db:orders`, 'rds:db', 'orders'],
    [`arn:aws:rds:${at}:cluster:orders`, 'rds:cluster', 'orders'],
    [`arn:aws:lambda:${at}:function:resize`, 'lambda:function', 'resize'],
    [`arn:aws:ecs:${at}:cluster/web`, 'ecs:cluster', 'web'],
    [`arn:aws:ecs:${at}:service/web/api`, 'ecs:service', 'api'],
    [`arn:aws:ecs:${at}:service/api`, 'ecs:service', 'api'],
    [`arn:aws:es:${at}:domain/logs`, 'opensearch:domain', 'logs'],
    [`arn:aws:states:${at}:stateMachine:flow`, 'stepfunctions:statemachine', 'flow'],
    [`arn:aws:ecs:${at}:task-definition/web:7`, 'ecs:task-definition', 'web:7'],
    [`arn:aws:cognito-identity:${at}:identitypool/us-east-1:1-2`, 'cognito-identity:identitypool', '1-2'],
    [`arn:aws:sqs:${at}:jobs`, 'sqs:queue', 'jobs'],
    [`arn:aws:elasticmapreduce:${at}:cluster/j-1`, 'emr:cluster', 'j-1'],
    ['arn:aws:apigateway:eu-west-1::/restapis/a1', 'apigateway:restapi', 'a1'],
    [`arn:aws:secretsmanager:${at}:secret:app/db-AbCdEf`, 'secretsmanager:secret', 'db-AbCdEf'],
  ])('%s is a %s', (arn, type, id) => {
    expect(parseArn(arn)).toMatchObject({ arn, type, id });
  });

  it('of a bucket has neither region nor account', () => {
    expect(parseArn('arn:aws:s3:::my.bucket-1')).toMatchObject({ type: 's3:bucket', accountId: '', region: '' });
  });

  it('keeps partition, region and account', () => {
    expect(parseArn('arn:aws-us-gov:ec2:us-gov-west-1:123456789012:instance/i-1')).toMatchObject({
      partition: 'aws-us-gov',
      region: 'us-gov-west-1',
      accountId: '123456789012',
    });
  });

  it.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-eusc', 'aws-not-made-yet'])(
    'is known in the partition %s',
    (partition) => {
      const arn = `arn:${partition}:rds:eusc-de-east-1:123456789012:db:orders`;
      expect(parseArn(arn)).toMatchObject({ partition, region: 'eusc-de-east-1', type: 'rds:db' });
    },
  );

  it.each(['azure', 'aws-', 'awsx', 'aws:cn', 'AWS'])('is unknown in the partition %s', (partition) => {
    expect(parseArn(`arn:${partition}:rds:eusc-de-east-1:123456789012:db:orders`)).toBeUndefined();
  });

  it.each([
    '',
    'i-0abc',
    `arn:aws:ec2:${at}:instance/i-1/x`,
    `arn:aws:lambda:${at}:function:resize:3`,
    'arn:aws:s3:::bucket/key',
    `arn:aws:iam::123456789012:role/x`,
    `arn:aws:ec2:us-east-1:1234:instance/i-1`,
    `arn:aws:ec2:${at}:instance/${'i'.repeat(1100)}`,
  ])('%s is none of ours', (arn) => {
    expect(parseArn(arn)).toBeUndefined();
  });

  it.each([
    ['arn:aws:s3:::shared', 'arn:aws-cn:s3:::shared'],
    ['arn:aws:s3:::shared', `arn:aws:s3:${at}:shared`],
    [`arn:aws:rds:${at}:db:orders`, `arn:aws-us-gov:rds:${at}:db:orders`],
  ])('%s and %s are one resource to claim', (one, other) => {
    expect(resourceKeyOf(one)).toBe(resourceKeyOf(other));
  });

  it('of two resources are two to claim', () => {
    expect(resourceKeyOf(`arn:aws:rds:${at}:db:orders`)).not.toBe(resourceKeyOf(`arn:aws:rds:${at}:cluster:orders`));
    expect(resourceKeyOf('arn:aws:s3:::one-1')).not.toBe(resourceKeyOf('arn:aws:s3:::one-2'));
  });

  it('is refused by field and position', () => {
    expect(() => parseArns('resource_arns', ['arn:aws:s3:::good-bucket', '<b>'])).toThrow(
      'resource_arns: 1 of 2 are not ARNs of a known resource type, the first at position 2.',
    );
  });
});
