/** Submitting and deleting sitemaps, as changes that the pipeline can read back and take back. */
import { CountersignError } from '../../../../errors.ts';
import type { ChangeOutcome, Plan, ResourceChange, State } from '../../../../operations/plan.ts';
import { clean } from '../../../../untrusted.ts';
import type { GoogleContext } from '../../google/parts.ts';
import type { SearchConsole } from '../../google/search-console.ts';
import type { Sitemap } from '../../google/search-console-answers.ts';
import { writeAndLook } from '../../google/write-and-look.ts';

/** resubmitted: later than when the change was planned. */
type Presence = 'absent' | 'submitted' | 'resubmitted';

/** Version of these rules. */
export const sitemapPolicy = 'search-console-1';

/** @returns undefined where the property has no such sitemap */
export const findSitemap = async (
  { sitemap }: Pick<SearchConsole, 'sitemap'>,
  property: string,
  address: string,
  context: GoogleContext,
): Promise<Sitemap | undefined> => {
  try {
    return await sitemap(property, address, context);
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'not_found') return undefined;
    throw error;
  }
};

const separator = ' ';

interface SitemapChange {
  readonly property: string;
  readonly address: string;
  readonly found: Sitemap | undefined;
  readonly after: Presence;
}

export const sitemapChange = ({ property, address, found, after }: SitemapChange): ResourceChange => ({
  resourceId: `${property}${separator}${address}`,
  label: clean(address, 2100),
  kind: 'search-console:sitemap',
  ...{ api: 'GSC', accountId: property },
  before: { sitemap: found === undefined ? 'absent' : 'submitted' },
  after: { sitemap: after },
  context: { last_submitted: found?.lastSubmitted ?? null },
});

const addressOf = ({ resourceId, accountId }: ResourceChange): string =>
  resourceId.slice(accountId.length + separator.length);

const presenceOf = (found: Sitemap | undefined, { before, after, context }: ResourceChange): Presence => {
  if (found === undefined) return 'absent';
  const resubmits = before.sitemap === 'resubmitted' || after.sitemap === 'resubmitted';
  return resubmits && found.lastSubmitted !== context?.last_submitted ? 'resubmitted' : 'submitted';
};

export const readSitemaps = async (
  searchConsole: SearchConsole,
  changes: readonly ResourceChange[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, State>> => {
  const states = changes.map(async (change): Promise<[string, State]> => {
    const found = await findSitemap(searchConsole, change.accountId, addressOf(change), context);
    return [change.resourceId, { sitemap: presenceOf(found, change) }];
  });
  return new Map(await Promise.all(states));
};

export const applySitemaps = (
  searchConsole: SearchConsole,
  changes: readonly ResourceChange[],
  context: GoogleContext,
): Promise<readonly ChangeOutcome[]> =>
  Promise.all(
    changes.map((change) => {
      const { accountId, resourceId, after } = change;
      const write = after.sitemap === 'absent' ? searchConsole.deleteSitemap : searchConsole.submitSitemap;
      return writeAndLook(
        resourceId,
        () => write(accountId, addressOf(change), context),
        async () => (await readSitemaps(searchConsole, [change], context)).get(resourceId)?.sitemap === after.sitemap,
      );
    }),
  );

/** Submitting takes back deleting, and the other way round. Submitting again changes nothing that could be taken back. */
export const revertSitemap = (change: ResourceChange): ResourceChange | { readonly irreversible: string } =>
  change.after.sitemap === 'resubmitted'
    ? { irreversible: SUBMITTED_BEFORE }
    : { ...change, before: change.after, after: change.before };

export const SUBMITTED_BEFORE = 'It was submitted before as well: submitting it again only makes Google read it anew.';

/** Whoever agrees to a deletion types the address of what is deleted. */
export const typedForDeletion = (changes: readonly ResourceChange[]): Pick<Plan, 'typed'> => {
  const [deleted] = changes.filter(({ after }) => after.sitemap === 'absent');
  return deleted === undefined ? {} : { typed: { what: 'the address of the sitemap', text: addressOf(deleted) } };
};
