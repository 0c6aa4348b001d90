/** What is wrong with a value, where its setting has no words of its own for that. */
import type { z } from 'zod';

const types: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  number: 'a number without quotes',
  int: 'a whole number',
  boolean: 'true or false, without quotes',
  array: 'a list such as ["a", "b"]',
  object: 'a map such as { a = "b" }',
  record: 'a map such as { a = "b" }',
};

/** An error map for zod's `parse`, which asks it last. https://zod.dev/error-customization#error-precedence */
export const plainMessage: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${types[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'unrecognized_keys':
      return `has ${issue.keys.join(', ')}, which it does not know: leave it out`;
    default:
      return undefined;
  }
};
