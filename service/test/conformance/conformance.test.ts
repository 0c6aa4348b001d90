import { type Subject, startSubject } from './subject.ts';
import { suites } from './suites.ts';

/** Seconds each, unless scenarios wait out their time-outs. */
const minutes = 3;

describe('the conformance suite', () => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await startSubject();
  });
  afterAll(() => subject.stop());

  it.each(suites.map((suite) => ({ name: suite.name, suite })))(
    '$name passes, except for what is expected to fail',
    async ({ suite }) => {
      const { code, output } = await suite.run(subject);
      // A suite that ran nothing would pass too.
      expect(output).toMatch(/Total: [1-9]\d* passed/);
      if (code !== 0) throw new Error(output);
    },
    minutes * 60_000,
  );

  it('is refused without a token, so that the suites do run behind the bearer check', async () => {
    const response = await fetch(`${subject.url}/mcp`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
  });
});
