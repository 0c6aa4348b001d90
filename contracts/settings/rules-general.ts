/** Rules of what an environment and its resources are called. */
import { rule } from './rule.ts';

export const generalRules = [
  rule(
    'name_prefix',
    'must be at most 32 characters: <project_name>-<environment> is longer, so give a shorter name_prefix',
    (s) => s.name_prefix.length > 32,
  ),
];
