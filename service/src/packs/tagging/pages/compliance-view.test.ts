import { complianceProps } from '../../../../test/browser/compliance-fixtures.ts';
import { now } from '../../../../test/browser/fixtures.ts';
import { parseMarkup, text } from '../../../../test/rigs/markup.ts';
import type { Html } from '../../../web/html.ts';
import { complianceView } from './compliance-view.ts';

const words = (markup: Html): string => text(parseMarkup(markup.toString())).replace(/\s+/g, ' ');

describe('the compliance page', () => {
  it('shows the latest scan with its failure, and the figures of the latest complete one', () => {
    const complete = {
      timestamp: now,
      score: 0.9,
      totalResources: 10,
      violationCount: 1,
      costGap: 5,
      dataQuality: 'complete',
    } as const;
    const failure = '123456789012 us-east-1 ec2:instance: ec2 answered HTTP 503 without a code. And 2 more.';
    const failed = {
      ...complete,
      score: null,
      totalResources: 0,
      violationCount: 0,
      costGap: null,
      dataQuality: 'failed',
      failure,
    } as const;
    const page = words(complianceView({ ...complianceProps, history: [complete, failed] }));
    expect(page).toMatch(/Latest scan.*Failed.*could read nothing.*ec2 answered HTTP 503.*Latest complete scan.*90/s);
    expect(page).not.toContain('Complianceno data');
    const again = words(complianceView({ ...complianceProps, history: [failed, complete] }));
    expect(again).not.toContain('Latest complete scan');
  });

  it('says how many resources changed after the latest scan', () => {
    expect(words(complianceView({ ...complianceProps, changedSince: 396 }))).toContain(
      '396 resources changed through this service since the latest scan.',
    );
    expect(words(complianceView(complianceProps))).not.toContain('since the latest scan.');
  });

  it('calls an empty scan no data, and marks a partial one', () => {
    const point = { timestamp: now, score: null, totalResources: 0, violationCount: 0, costGap: null };
    const page = words(complianceView({ ...complianceProps, history: [{ ...point, dataQuality: 'partial' }] }));
    expect(page).toContain('Complianceno data');
    expect(page).toContain('Cost gapnot known');
    expect(page).toContain('This scan did not see everything.');
    expect(page).toContain('errors; warnings were not counted then');
    const counted = { ...point, violationCount: 70, errorCount: 56, dataQuality: 'complete' } as const;
    expect(words(complianceView({ ...complianceProps, history: [counted] }))).toContain(
      'Violations7056 errors and 14 warnings',
    );
  });
});
