import { type Block, synthesized } from '../testing/synthesized.ts';
import { EncryptionKey, type KeyProps } from './key.ts';

const made = (props: Partial<KeyProps> = {}) =>
  synthesized(
    (stack) =>
      new EncryptionKey(stack, 'key', {
        name: 'app-data',
        description: 'Data of app',
        accountId: '111122223333',
        ...props,
      }),
  );
const statements = (props?: Partial<KeyProps>) =>
  Object.values(made(props).data('aws_iam_policy_document'))[0]?.statement as Block[];

describe('a key', () => {
  it('is rotated, has a name, and waits a month before it is gone', () => {
    expect(made().one('aws_kms_key')).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    expect(made().one('aws_kms_alias')).toMatchObject({ name: 'alias/app-data' });
  });

  it('is used through IAM alone without services', () => {
    expect(statements().map(({ sid }) => sid)).toEqual(['AccountThroughIam']);
  });

  it('lets CloudWatch Logs use it for log groups of the account and region alone', () => {
    expect(statements({ services: ['logs.eu-west-1.amazonaws.com'] })[1]).toMatchObject({
      principals: [{ type: 'Service', identifiers: ['logs.eu-west-1.amazonaws.com'] }],
      condition: [
        {
          test: 'ArnLike',
          variable: 'kms:EncryptionContext:aws:logs:arn',
          values: ['arn:aws:logs:eu-west-1:111122223333:*'],
        },
      ],
    });
  });

  it('lets other services use it, and administer it not', () => {
    const [, services] = statements({ services: ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] });
    expect(services?.principals).toEqual([
      { type: 'Service', identifiers: ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] },
    ]);
    expect(String(services?.actions)).not.toMatch(/\*|Put|Delete|Grant|Schedule/);
  });
});
