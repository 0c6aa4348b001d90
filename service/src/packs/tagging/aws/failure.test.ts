import { blame, failureOf, isThrottling } from './failure.ts';

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

  it.each(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'UnrecognizedClientException', 'AuthFailure'])(
    '%s is about the credentials, with the remedy',
    (name) => {
      const failure = failureOf(error(name), 's3', live);
      expect(failure.code).toBe('invalid_credentials');
      expect(failure.message).toMatch(new RegExp(`^s3 does not accept the credentials \\(${name}\\)\\. Renew them`));
    },
  );

  it('names the service that failed, not the one that waited for it', () => {
    const failed = error('ThrottlingException');
    blame(failed, 'tagging');
    expect(failureOf(failed, 'lambda', live).message).toMatch(/^tagging keeps/);
  });

  it.each([
    ['Error', 503, 'http_503', 'ec2 answered HTTP 503 without a code. Try again later.'],
    ['Unknown', 502, 'http_502', 'ec2 answered HTTP 502 without a code. Try again later.'],
    ['SyntaxError', 200, 'malformed_answer', expect.stringContaining('ec2 answered without anything that can be read')],
    ['Error', undefined, 'unknown_error', 'The call of ec2 failed (Error).'],
  ])('%s of status %s says more than its name', (name, httpStatusCode, code, message) => {
    const bare = Object.assign(error(name), { $metadata: { httpStatusCode } });
    expect(failureOf(bare, 'ec2', live)).toEqual({ code, message });
  });

  it.each(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED'])(
    '%s is the connection, whatever the SDK calls it',
    (code) => {
      const failure = failureOf(Object.assign(error('TimeoutError'), { code }), 'rds', live);
      expect(failure).toMatchObject({
        code: 'connection_failed',
        message: expect.stringContaining(`rds failed (${code})`),
      });
    },
  );
});
