/** What is typed and chosen in forms. */
import { type Html, html } from './html.ts';

/** Kept as it was typed: a template would write line breaks out. */
export const keptLines = (text: string): Html =>
  html`${text.split(/\r\n|\r|\n/).map((line, index) => html`${index > 0 && html`\n`}${line}`)}`;

/** Options of a select. @param labels by value, the first for nothing chosen */
export const options = (labels: Readonly<Record<string, string>>, chosen: string | undefined): Html[] =>
  Object.entries(labels).map(
    ([value, label]) => html`<option value="${value}"${value === (chosen ?? '') && html` selected`}>${label}</option>`,
  );
