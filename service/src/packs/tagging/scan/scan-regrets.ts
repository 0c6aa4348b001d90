/** What a person may regret of a scan: the wrong region, resources that are left out, money that rests on old numbers. */
import type { Query } from '../../../mcp/tool.ts';
import { listed } from '../changes/wording.ts';
import { type ExtentInput, extentHash, resolveExtent, wholeExtent } from './extent.ts';
import type { TaggingPack } from './scan-tool.ts';

type ToldRegrets = Awaited<ReturnType<NonNullable<Query['regrets']>>>;

const left = (all: readonly string[], some: readonly string[]): string[] => all.filter((each) => !some.includes(each));

/** What the call leaves out of what the operator enabled, and how old the numbers about money are. No upstream call. */
export const scanRegrets = async (pack: TaggingPack, input: ExtentInput, costs: boolean): Promise<ToldRegrets> => {
  const { extent } = await resolveExtent(input, pack.estate, pack.settings);
  const whole = await wholeExtent(pack.estate);
  const types = left(whole.types, extent.types);
  const regions = left(whole.regions, extent.regions);
  const accounts = left(whole.accounts, extent.accounts);
  const newest = costs ? await pack.scans.newest(extentHash(extent)) : undefined;
  const text = (some: readonly string[], rest: readonly string[], what: string): string =>
    `This looks at ${listed(some, what)} only: ${listed(rest, what)} will not be included.`;
  return [
    ...(types.length > 0 ? [{ kind: 'missing_resources', text: text(extent.types, types, 'type') } as const] : []),
    ...(accounts.length > 0
      ? [{ kind: 'missing_resources', text: text(extent.accounts, accounts, 'account') } as const]
      : []),
    ...(regions.length > 0 ? [{ kind: 'wrong_region', text: text(extent.regions, regions, 'region') } as const] : []),
    ...(newest === undefined
      ? []
      : [
          {
            kind: 'stale_data',
            text: `Costs are known up to 48 hours late, and the last scan of this is of ${newest.timestamp}.`,
          } as const,
        ]),
  ];
};
