/** Two tag policies of the sandbox's organization, for a newcomer to import: one in effect for its account, one beside it. */
import type { Organizations, TagPolicyDocument, TagPolicySummary } from '../policy/organizations.ts';
import { EFFECTIVE } from '../policy/organizations.ts';

const assign = <T>(value: T) => ({ '@@assign': value });

/** What finance wants of everything that costs: close to the sandbox's own policy, with a cost centre more. */
const finance = {
  costcenter: {
    tag_key: 'CostCenter',
    tag_value: ['Engineering', 'Platform', 'Data', 'Marketing', 'Finance', 'Support', 'Research'],
    enforced_for: ['ec2:instance', 'rds:db', 's3:bucket', 'lambda:function'],
  },
  environment: {
    tag_key: 'Environment',
    tag_value: ['production', 'staging', 'development', 'test'],
    enforced_for: ['ec2:instance', 'rds:db', 's3:bucket'],
  },
  owner: { tag_key: 'Owner', report_required_tag_for: ['ec2:ALL_SUPPORTED'] },
} as const;

/** Written with operators, and with everything that a policy here says otherwise. */
const data = {
  '@@operators_allowed_for_child_policies': ['@@none'],
  dataclassification: {
    tag_key: assign('DataClassification'),
    tag_value: assign(['public', 'internal', 'confidential', 'restricted*']),
    enforced_for: assign(['s3:ALL_SUPPORTED', 'rds:ALL_SUPPORTED', 'backup:ALL_SUPPORTED']),
  },
  retention: { tag_value: assign(['30', '90', '365']) },
};

const policies: readonly (TagPolicySummary & { readonly tags: unknown })[] = [
  { policyId: 'p-sandboxfinance1', name: 'finance', description: 'Cost centres and environments', tags: finance },
  { policyId: 'p-sandboxdata0001', name: 'data', description: 'How sensitive data is', tags: data },
];

const documentOf = (policyId: string, tags: unknown): TagPolicyDocument => ({
  policyId,
  content: { tags },
  updatedAt: null,
});

export const sandboxOrganizations: Organizations = {
  list: async () => policies.map(({ policyId, name, description }) => ({ policyId, name, description })),
  read: async (policyId) => {
    const found = policies.find((policy) => policy.policyId === policyId);
    return found && documentOf(policyId, found.tags);
  },
  effective: async () => documentOf(EFFECTIVE, finance),
  attached: async () => ['p-sandboxfinance1'],
  required: async () => ['Owner'],
};
