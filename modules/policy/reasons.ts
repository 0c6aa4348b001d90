/** Why a statement may have a wildcard, by its sid. A sid that no statement has any more fails a test. */
export const reasons: Readonly<Record<string, string>> = {
  AccountThroughIam: 'A key policy speaks of its own key only; without this statement nobody could administer it.',
  OwnAccounts:
    'The policy of a gateway endpoint grants nothing: it limits what roles were granted to buckets and tables of these accounts.',
  OwnPrincipals:
    'The policy of an interface endpoint grants nothing: it keeps out credentials of other accounts, with which data could leave.',
  ServicesOfAWS: 'A key policy speaks of its own key only.',
};
