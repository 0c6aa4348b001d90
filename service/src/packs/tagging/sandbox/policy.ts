/** The tagging policy of the sandbox: lists, a pattern and a tag that only stores of data need. */
import { type LoadedPolicy, loadPolicy } from '../policy/policy.ts';

export const sandboxPolicy = (): LoadedPolicy =>
  loadPolicy(
    {
      version: '2.1',
      last_updated: '2026-11-02',
      required_tags: [
        {
          name: 'CostCenter',
          description: 'The cost centre that pays, as finance spells it',
          allowed_values: ['Engineering', 'Platform', 'Data', 'Marketing', 'Finance', 'Support'],
        },
        {
          name: 'Owner',
          description: 'Mail address of the team that answers for it',
          validation_regex: '[a-z0-9._-]+@example\\.com$',
        },
        {
          name: 'Environment',
          description: 'The environment it belongs to',
          allowed_values: ['production', 'staging', 'development', 'test'],
        },
        {
          name: 'DataClassification',
          description: 'How sensitive the data in it is',
          allowed_values: ['public', 'internal', 'confidential', 'restricted'],
          applies_to: ['rds:db', 's3:bucket', 'opensearch:domain'],
        },
      ],
      optional_tags: [
        { name: 'Application', description: 'The application it is part of' },
        { name: 'Backup', description: 'How often it is backed up', allowed_values: ['none', 'daily', 'hourly'] },
      ],
    },
    'sandbox',
  );
