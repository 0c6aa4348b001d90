/** Severities of alarms of CloudWatch, which knows none: an operator maps their names. */
import { type AlertSeverity, parseSeverity } from '../model/severity.ts';
import type { SeverityOfAlarm } from './forms/cloudwatch.ts';

/** Major: somebody made an alarm of it. */
const OTHERWISE: AlertSeverity = 4;

/** Whether a name is what the pattern says, whose `*` stands for any characters. */
const fits = (pattern: string, name: string): boolean => {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
};

/** @param entries of the variable: `prod-*=critical`. The first whose pattern fits the whole name counts. */
export const severityByName = (entries: readonly string[]): SeverityOfAlarm => {
  const mapped = entries.map((entry) => {
    const [pattern = '', word] = entry.split(/=(?=[^=]*$)/);
    return { pattern, severity: parseSeverity(word).severity };
  });
  return (name) => mapped.find(({ pattern }) => fits(pattern, name))?.severity ?? OTHERWISE;
};
