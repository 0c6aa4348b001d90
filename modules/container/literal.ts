/** Text from settings, so that Terraform takes it as it is. */
import { Token } from 'cdktf';

// A function, for in a replacement text $$ means one $.
const doubled = (opening: string): string => `${opening.slice(0, 1)}${opening}`;

/** Escapes what Terraform would evaluate. A reference to a resource stays one. */
export const literal = (text: string): string =>
  Token.isUnresolved(text) ? text : text.replaceAll(/[$%]\{/g, doubled);
