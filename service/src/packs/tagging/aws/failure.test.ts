import { failureOf, isThrottling } from './failure.ts';

const live = new AbortController().signal;
const error = (name: string, message = 'x') => Object.assign(new Error(message), { name });

describe('an upstream failure', () => {
  it('names the missing action and nobody', () => {
    const denied = error(
      'AccessDeniedException',
      'User: arn:aws:sts::123456789012:assumed-role/secret-role/jane is not authorized to perform: es:ListTags on resource: x',
    );
    expect(failureOf(denied, 'opensearch', live)).toEqual({
      code: 'access_denied',
      message: 'opensearch refused: the role lacks es:ListTags.',
    });
  });

  it.each(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown'])(
    '%s is throttling',
    (name) => {
      expect(isThrottling(name)).toBe(true);
      expect(failureOf(error(name), 'ec2', live).code).toBe('throttled');
    },
  );

  it('keeps AWS’s own code otherwise, and drops its text', () => {
    expect(failureOf(error('NoSuchBucket', 'token AKIA…'), 's3', live)).toEqual({
      code: 'NoSuchBucket',
      message: 's3 answered NoSuchBucket.',
    });
  });

  it('tells a caller who left from a clock that ran out', async () => {
    expect(failureOf(error('AbortError'), 'ec2', AbortSignal.abort()).code).toBe('cancelled');
    const late = AbortSignal.timeout(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(failureOf(error('AbortError'), 'ec2', late).code).toBe('timeout');
    expect(failureOf(error('TimeoutError'), 'ec2', live).code).toBe('timeout');
  });
});
