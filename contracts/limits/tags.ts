/** What a tag may be. Everything carries the same tags, so the strictest service that is used decides. */

export const tagLimits = {
  key: 128,
  value: 256,
  /** IAM, Firehose and ECR take these and no others: letters, digits and spaces of any language, and _ . : / = + - @ */
  characters: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  be: 'letters, digits, spaces and _ . : / = + - @',
  /** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html */
  source: 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html',
  /** Tags one resource may have. */
  count: 50,
  general: 'https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html',
  /** IAM holds keys that differ by case alone to be one key twice. */
  twins: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html',
} as const;

/** Resource types that take fewer, and the page that says so. */
export const fewerTags: Readonly<Record<string, { readonly count: number; readonly source: string }>> = {
  aws_s3_object: { count: 10, source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html' },
  aws_route53_health_check: {
    count: 10,
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html',
  },
  aws_route53_zone: {
    count: 10,
    source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html',
  },
};

/** What is wrong with a tag, whatever carries it. */
export const tagProblem = (key: string, value: string): string | undefined => {
  const { characters, be } = tagLimits;
  if (key.length === 0 || [...key].length > tagLimits.key)
    return `has a key of ${[...key].length} characters; AWS takes 1 to ${tagLimits.key}`;
  if (/^aws:/i.test(key) || /^aws:/i.test(value))
    return 'begins with aws:, which AWS keeps for itself: choose another word';
  if (!characters.test(key)) return `has a key that AWS does not take: it must be ${be}`;
  if ([...value].length > tagLimits.value)
    return `has ${[...value].length} characters; AWS takes at most ${tagLimits.value}`;
  if (!characters.test(value)) return `is ${JSON.stringify(value)}, which AWS does not take: it must be ${be}`;
  return undefined;
};

/** Keys that differ from an earlier one by case alone, each with that one. */
export const twinsIn = (keys: readonly string[]): readonly (readonly [key: string, earlier: string])[] => {
  const seen = new Map<string, string>();
  return keys.flatMap((key) => {
    const earlier = seen.get(key.toLowerCase());
    if (earlier === undefined) seen.set(key.toLowerCase(), key);
    return earlier === undefined ? [] : [[key, earlier] as const];
  });
};
