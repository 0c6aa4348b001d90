/** Tags within one row of an answer. */
import { z } from 'zod';
import { fittingMembers } from '../../../mcp/answer-size.ts';
import { cleanTags } from '../../../untrusted.ts';

/** Characters of the tags of one row; a resource may have fifty of 384. */
const TAG_CHARACTERS = 1200;

/** Field of a row whose tags did not fit. */
export const TagsNotShown = z.number().optional().describe('Further tags of it that are too long to show here');

/** Tags as a row shows them, the ones named first. */
export const shownTags = (tags: Readonly<Record<string, string>>, first: readonly string[] = []) => {
  const leading = first.filter((key) => Object.hasOwn(tags, key)).map((key) => [key, tags[key]]);
  return fittingMembers(cleanTags({ ...Object.fromEntries(leading), ...tags }), TAG_CHARACTERS);
};
