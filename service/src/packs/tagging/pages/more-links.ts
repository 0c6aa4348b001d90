/** Links from each page of the pack to the others. */
import { tagging } from '../../../../../contracts/packs/tagging.ts';
import { type Html, html } from '../../../web/html.ts';

const labels = {
  compliance: 'Tag compliance',
  complianceHistory: 'Compliance over time',
  violations: 'Violations',
  unattributedCost: 'Unattributed cost',
  drift: 'Tag drift',
  audits: 'Scheduled audits',
  exports: 'Exported files',
} as const satisfies Partial<Record<keyof typeof tagging.routes, string>>;

type Linked = keyof typeof labels;
const isLinked = (name: string): name is Linked => Object.hasOwn(labels, name);

/** To every page of reports but the one they stand on. */
export const moreLinks = (current: Linked): Html => {
  const others = Object.keys(labels)
    .filter(isLinked)
    .filter((name) => name !== current);
  return html`<nav aria-label="More about tags"><p>More about tags: ${others.map(
    (name, at) => html`${at > 0 && ' · '}<a href="${tagging.routes[name].path}">${labels[name]}</a>`,
  )}</p></nav>`;
};
