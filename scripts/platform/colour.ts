/** Colours, where a person reads: never in a pipe, unless FORCE_COLOR asks for them, and never with NO_COLOR. */
import { styleText } from 'node:util';

export type Tone = 'bad' | 'warning' | 'good' | 'dim' | 'strong';
export type Paint = (tone: Tone, text: string) => string;

const formats = { bad: 'red', warning: 'yellow', good: 'green', dim: 'dim', strong: 'bold' } as const;

export const plain: Paint = (_, text) => text;

/**
 * For text that is written to `stream`.
 * @param env of the process. NO_COLOR wins (https://no-color.org); Node alone would let FORCE_COLOR win
 */
export const paintFor = (stream: NodeJS.WritableStream, { NO_COLOR = '' }: NodeJS.ProcessEnv): Paint =>
  NO_COLOR === '' ? (tone, text) => styleText(formats[tone], text, { stream }) : plain;
