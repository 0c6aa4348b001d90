/** What a copy was found to be, for people. */
import { plural } from '../../../service/src/measures/words.ts';
import { table } from '../table.ts';
import type { Trial } from './trial.ts';
import type { Contents } from './verify.ts';

const compared = ({ before }: Contents['tables'][number]): string => {
  if (before === undefined) return '';
  return before.copied === before.now
    ? `${before.copied}, as in service`
    : `${before.copied}, in service ${before.now}`;
};

/** Rows by table, then the audit log, then what is wrong. */
export const contentsText = (contents: Contents): string => {
  const { tables, audit, faults } = contents;
  const rows = tables.map((each) => [each.table, String(each.copied), String(each.now ?? ''), compared(each)]);
  return [
    table(['table', 'rows', 'in service', 'of before'], rows),
    '',
    audit === undefined
      ? 'The image has an audit log of its own, which was not verified.'
      : `${plural(audit.records, 'audit record')} in ${plural(audit.partitions, 'chain')}${audit.anchor === undefined ? ', not checked against anchors' : `, checked against anchor ${audit.anchor.number} of ${audit.anchor.time}`}.`,
    ...faults.map((fault) => `WRONG ${fault}.`),
    ...(faults.length === 0 ? ['Nothing is wrong with it.'] : []),
  ].join('\n');
};

export const trialText = (trial: Trial): string =>
  [
    `${trial.region}: what was at ${trial.at}, restored in ${trial.seconds.restored} s and read in ${trial.seconds.verified.toFixed(1)} s`,
    '',
    contentsText(trial),
  ].join('\n');
