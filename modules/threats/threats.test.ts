import { synthesized } from '../testing/synthesized.ts';
import { Threats } from './threats.ts';

const made = synthesized(
  (stack) => new Threats(stack, 'threats', { name: 'marketing-mcp-threats', topicArn: 'arn:topic' }),
);

describe('threat detection', () => {
  it('looks, and tells soon', () => {
    expect(made.one('aws_guardduty_detector')).toEqual(
      expect.objectContaining({ enable: true, finding_publishing_frequency: 'FIFTEEN_MINUTES' }),
    );
  });

  it('passes on findings of medium severity and above', () => {
    expect(JSON.parse(String(made.one('aws_cloudwatch_event_rule').event_pattern))).toEqual({
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Finding'],
      detail: { severity: [{ numeric: ['>=', 4] }] },
    });
  });

  it('writes what a person needs, every word of it filled in', () => {
    const { arn, input_transformer } = made.one('aws_cloudwatch_event_target');
    const { input_paths, input_template } = input_transformer as { input_paths: object; input_template: string };
    expect(arn).toBe('arn:topic');
    const used = new Set([...input_template.matchAll(/<(\w+)>/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(Object.keys(input_paths).sort());
    // EventBridge takes lines of text only in quotes.
    for (const line of input_template.split('\n')) expect(line).toMatch(/^"[^"]+"$/);
  });
});
