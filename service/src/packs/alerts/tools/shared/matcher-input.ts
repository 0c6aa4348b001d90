/** Matchers as calls give them. */
import { Matchers } from '../../model/matchers.ts';

export const MatchersInput = Matchers.describe(
  'All must hold. Labels; severity ("0" to "5"), site_code, element_type, name, source. isRegex: RE2, anchored',
);
