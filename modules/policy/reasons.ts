/** Why a statement may have a wildcard, by its sid. A sid that no statement has any more fails a test. */
export const reasons: Readonly<Record<string, string>> = {
  AccountThroughIam: 'A key policy speaks of its own key only; without this statement nobody could administer it.',
};
