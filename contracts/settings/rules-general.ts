/** Rules of what an environment and its resources are called. */
import { rule } from './rule.ts';

export const generalRules = [
  rule(
    'name_prefix',
    'must be at most 32 characters: <project_name>-<environment> is longer, so give a shorter name_prefix',
    (s) => s.name_prefix.length > 32,
  ),
  rule(
    'names',
    'must not give data-bucket with several regions: no two buckets have one name, wherever they are; leave it out, or make one region an environment of its own',
    (s) => s.data_bucket && s.regions.length > 1 && s.names['data-bucket'] !== undefined,
  ),
  rule(
    'tool_packs',
    'must name at least one pack with container countersign: a service that is told of none serves every pack, without what they need',
    (s) => s.container === 'countersign' && s.tool_packs.length === 0,
  ),
];
