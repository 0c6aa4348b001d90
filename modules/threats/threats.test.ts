import { synthesized } from '../testing/synthesized.ts';
import { Threats, type ThreatsProps } from './threats.ts';

const props: ThreatsProps = { name: 'marketing-mcp-threats', findings: { topicArn: 'arn:topic' } };
const madeWith = (changes: Partial<ThreatsProps>) =>
  synthesized((stack) => new Threats(stack, 'threats', { ...props, ...changes }));
const made = madeWith({});

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

  it('passes on what another’s detector finds, and may only look', () => {
    expect(madeWith({ detector: false }).addresses.map((address) => address.split('.')[0])).toEqual([
      'aws_cloudwatch_event_rule',
      'aws_cloudwatch_event_target',
    ]);
    expect(madeWith({ findings: undefined }).addresses.map((address) => address.split('.')[0])).toEqual([
      'aws_guardduty_detector',
    ]);
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
