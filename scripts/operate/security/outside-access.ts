/** Who outside of the account may reach what: the findings of IAM Access Analyzer. */
import {
  AccessAnalyzerClient,
  type AnalyzerSummary,
  type FindingSummaryV2,
  paginateListAnalyzers,
  paginateListFindingsV2,
} from '@aws-sdk/client-accessanalyzer';
import { attention, broken, type Check, type Judgement, ok } from '../health/check.ts';

/** Those that look at access from outside; the others look at unused and at internal access. */
const ofOutside: readonly unknown[] = ['ACCOUNT', 'ORGANIZATION'];

/** More are in the console. */
const MOST_NAMED = 20;

/** @param findings active ones of all analyzers of the region */
export const judgeOutside = (
  region: string,
  analyzers: readonly AnalyzerSummary[],
  findings: readonly FindingSummaryV2[],
): readonly Judgement[] => {
  const working = analyzers.filter(({ type, status }) => ofOutside.includes(type) && status === 'ACTIVE');
  if (working.length === 0)
    return [
      attention(
        region,
        'nobody looks at who outside may reach what: aws accessanalyzer create-analyzer --analyzer-name account --type ACCOUNT',
      ),
    ];
  if (findings.length === 0) return [ok(region, 'nothing can be reached from outside that is not archived as meant')];
  const named = findings
    .slice(0, MOST_NAMED)
    .map(({ resource = '', id = '' }) =>
      broken(resource, `can be reached from outside: close it, or archive finding ${id} with its reason`),
    );
  return findings.length > MOST_NAMED
    ? [...named, broken(region, `and ${findings.length - MOST_NAMED} more findings`)]
    : named;
};

export const outsideAccess: Check = {
  name: 'access from outside',
  applies: () => true,
  look: async ({ client: of, deployment: { region } }) => {
    const client = of(AccessAnalyzerClient, region);
    const analyzers: AnalyzerSummary[] = [];
    for await (const page of paginateListAnalyzers({ client }, {})) analyzers.push(...(page.analyzers ?? []));
    const findings: FindingSummaryV2[] = [];
    for (const { arn: analyzerArn } of analyzers.filter((each) => ofOutside.includes(each.type))) {
      const asked = { analyzerArn, filter: { status: { eq: ['ACTIVE'] } } };
      for await (const page of paginateListFindingsV2({ client }, asked)) findings.push(...(page.findings ?? []));
    }
    return judgeOutside(region, analyzers, findings);
  },
};
