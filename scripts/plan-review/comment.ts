/**
 * `node scripts/plan-review/comment.ts [--title TEXT] FILE...`: plans as one comment for a pull request. What is
 * refused, destroyed and replaced comes first, new resources last and folded; it is cut where GitHub would refuse it.
 */
import { readFile } from 'node:fs/promises';
import { defineCommand, runAsProgram } from '../platform/command.ts';
import { OperatorProblem, UsageProblem } from '../platform/problem.ts';
import { CostDeltas, costText } from './cost-text.ts';
import { differenceText } from './differences.ts';
import { readStacks, type StackReport } from './report.ts';
import { type Change, countsOf, type Section, sectionsOf } from './review.ts';

/** By this line the comment is found again and written anew. */
export const marker = (name: string): string => `<!-- countersign-plan:${name.replaceAll(/[^\w-]/g, '')} -->`;

// GitHub takes 65,536 characters.
export const LONGEST = 60_000;
const DIFFERENCES = 12;

/** Inside a fence nothing is rendered or mentioned, as long as no text closes it. */
const inFence = (text: string): string => text.replaceAll('```', "'''");

const describe = ({ action, address, losesState, forcedBy, differences }: Change): string[] => {
  const data = losesState ? '   HOLDS DATA' : '';
  const shown = differences.slice(0, DIFFERENCES);
  const lines = shown.map(({ path, before, after }) => `      ${differenceText({ path, before, after })}`);
  const more = differences.length > DIFFERENCES ? [`      and ${differences.length - DIFFERENCES} more`] : [];
  switch (action) {
    case 'delete':
    case 'forget':
      return [
        `- ${address}${action === 'forget' ? '   forgotten, not destroyed' : ''}${data}`,
        ...forcedBy.map((why) => `#     ${why}`),
      ];
    case 'replace':
      return [`- ${address}   replaced${data}`, ...forcedBy.map((why) => `#     because ${why}`)];
    case 'update':
      return [`! ${address}`, ...lines, ...more];
    case 'create':
      return [`+ ${address}`];
  }
};

const TELLING =
  /^(assume_role_policy|cidr|egress|from_port|function_name|ingress|ip_protocol|policy|prefix_list|principal|referenced|source_arn|to_port)/;

/** New permissions and rules are told with what they allow; other new resources by their name. */
const entriesOf = ({ name, changes }: Section): string[][] =>
  changes.map((change) => {
    if (name !== 'reach' || change.action !== 'create') return describe(change).map(inFence);
    const telling = change.differences.filter(({ path }) => TELLING.test(path));
    const lines = telling
      .slice(0, DIFFERENCES)
      .map(({ path, after }) => `      ${differenceText({ path, before: undefined, after })}`);
    return [`+ ${change.address}`, ...lines].map(inFence);
  });

interface Block {
  readonly open: string;
  readonly entries: readonly (readonly string[])[];
  readonly close: string;
}

const FOLDED_FROM = 20;

const blockOf = (stack: string, section: Section): Block => {
  const title = `${section.title} in \`${stack}\` (${section.changes.length})`;
  const folded = section.name === 'created' || (section.name !== 'destroyed' && section.changes.length > FOLDED_FROM);
  return {
    open: folded ? `<details><summary>${title}</summary>\n\n\`\`\`diff\n` : `#### ${title}\n\n\`\`\`diff\n`,
    entries: entriesOf(section),
    close: folded ? '```\n\n</details>\n\n' : '```\n\n',
  };
};

const sectionNames: readonly Section['name'][] = ['destroyed', 'reach', 'updated', 'created'];

/** Of all stacks, the worst sections first. */
const blocksOf = (stacks: readonly StackReport[]): Block[] =>
  sectionNames.flatMap((name) =>
    stacks.flatMap(({ stack, review }) =>
      sectionsOf(review?.changes ?? [])
        .filter((section) => section.name === name)
        .map((section) => blockOf(stack, section)),
    ),
  );

const table = (stacks: readonly StackReport[]): string[] => {
  if (stacks.length === 0) return ['No environment is planned for this repository.', ''];
  const rows = stacks.map(({ stack, review, outcome, waitsFor }) => {
    if (outcome === 'waits') return `| \`${stack}\` | planned once ${waitsFor.join(', ')} have been applied | | | |`;
    const counts = countsOf(review?.changes ?? []);
    return `| \`${stack}\` | ${counts.delete} | ${counts.replace} | ${counts.update} | ${counts.create} |`;
  });
  return ['| stack | destroy | replace | update | create |', '| --- | --- | --- | --- | --- |', ...rows, ''];
};

const headOf = (title: string, stacks: readonly StackReport[], cost: string): string => {
  const lost = stacks.flatMap(({ review }) => (review?.changes ?? []).filter(({ losesState }) => losesState)).length;
  const findings = stacks.flatMap((report) => report.findings);
  const notes = stacks.flatMap(({ review }) => review?.notes ?? []);
  return [
    marker(title),
    `### Plan: ${title}`,
    '',
    ...table(stacks),
    ...(lost > 0 ? [`> [!CAUTION]\n> ${lost} of what is destroyed or replaced holds data.`, ''] : []),
    ...(findings.length > 0
      ? [
          '#### Refused by policy',
          '',
          '```',
          ...findings.map(({ check, address, problem }) => inFence(`${address} ${problem} (${check})`)),
          '```',
          '',
        ]
      : []),
    ...(cost === '' ? [] : [cost]),
    ...(notes.length > 0 ? ['#### To know', '', '```', ...notes.map(inFence), '```', ''] : []),
    '',
  ].join('\n');
};

const bytes = (text: string): number => Buffer.byteLength(text);
const FOOT = 400;

/** Whole entries, as many as fit; a fence or fold that was opened is closed. */
const fill = (head: string, blocks: readonly Block[], longest: number): { text: string; left: number } => {
  let text = head;
  let left = 0;
  for (const { open, entries, close } of blocks) {
    let part = open;
    let taken = 0;
    for (const entry of left > 0 ? [] : entries) {
      const lines = `${entry.join('\n')}\n`;
      if (bytes(text) + bytes(part) + bytes(lines) + bytes(close) + FOOT > longest) break;
      part += lines;
      taken += 1;
    }
    left += entries.length - taken;
    if (taken > 0) text += part + close;
  }
  return { text, left };
};

export interface Besides {
  /** A last line, such as a link to the run. */
  readonly note?: string | undefined;
  /** What the change costs, in Markdown. */
  readonly cost?: string | undefined;
}

/** @param title names the environments, and the comment that is written anew */
export const commentOf = (
  title: string,
  stacks: readonly StackReport[],
  { note = '', cost = '' }: Besides = {},
  longest = LONGEST,
): string => {
  const head = headOf(title, stacks, cost);
  const room = head.length + FOOT > longest ? `${head.slice(0, longest - FOOT)}\n…\n\`\`\`\n\n` : head;
  const { text, left } = fill(room, blocksOf(stacks), longest);
  const cut =
    left === 0 ? '' : `**Cut here: ${left} changes are not shown.** The whole plan is an artifact of the run.\n\n`;
  return `${text}${cut}${note}\n`;
};

const readCost = async (file: string): Promise<string> => {
  try {
    return costText(CostDeltas.parse(JSON.parse(await readFile(file, 'utf8'))).costs);
  } catch (error) {
    throw new OperatorProblem(`${file} holds no costs: make it with cost-delta.ts --json.`, { cause: error });
  }
};

export const comment = defineCommand({
  name: 'scripts/plan-review/comment.ts',
  summary: 'Turns plans (terraform show -json, or npm run plan -- --json) into one comment in Markdown.',
  operands: 'FILE...',
  options: {
    title: {
      type: 'string',
      value: 'TEXT',
      description: 'Names what was planned, and the comment. Default: the stacks.',
    },
    cost: { type: 'string', value: 'FILE', description: 'What cost-delta.ts --json has written.' },
    note: { type: 'string', value: 'TEXT', description: 'A last line, such as a link to the run.' },
  },
  run: async ({ title, note, cost }, host, files) => {
    if (files.length === 0 && cost === undefined) throw new UsageProblem('Name the plans: cdktf.out/plans/*.plan.json');
    const stacks = (await Promise.all(files.map(readStacks))).flat();
    host.out(
      commentOf(title ?? stacks.map(({ stack }) => stack).join(', '), stacks, {
        note,
        cost: cost === undefined ? undefined : await readCost(cost),
      }),
    );
    return 0;
  },
});

await runAsProgram(import.meta.main, comment);
