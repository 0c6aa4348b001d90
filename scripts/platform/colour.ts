/** Colours, where a person reads: never in a pipe, unless FORCE_COLOR asks for them, and never with NO_COLOR. */
import { styleText } from 'node:util';

export type Tone = 'bad' | 'warning' | 'good' | 'dim' | 'strong';
export type Paint = (tone: Tone, text: string) => string;

const formats = { bad: 'red', warning: 'yellow', good: 'green', dim: 'dim', strong: 'bold' } as const;

/** For text that is written to `stream`. */
export const paintFor =
  (stream: NodeJS.WritableStream): Paint =>
  (tone, text) =>
    styleText(formats[tone], text, { stream });

export const plain: Paint = (_, text) => text;
