import { routes } from '../../../../contracts/routes.ts';
import { plural } from '../../measures/words.ts';
import { type Html, html } from '../html.ts';
import { page } from '../layout.ts';
import { signInHref } from '../links.ts';
import type { HomeCard, HomeProps } from '../props.ts';

const countersign = (pageOnly: boolean): string =>
  pageOnly
    ? 'A second person reads the plan here and approves or denies it. Agents cannot.'
    : 'A second person approves or denies the plan: here, or through an agent of their own. Nobody approves their own change.';

const steps = (pageOnly: boolean) => [
  ['Plan', 'The agent’s request becomes a plan: every value before and after, what it affects, what it costs.'],
  ['Countersign', countersign(pageOnly)],
  ['Apply', 'Exactly what was approved is applied once, and read back.'],
  ['Audit', 'Who asked, who agreed and what changed is kept in a log that shows tampering.'],
  ['Revert', 'What was there before is kept, and restoring it is a plan of its own.'],
];

const command = (text: string): Html => html`<pre tabindex="0"><code>${text}</code></pre>`;

const connect = (mcpUrl: string): Html =>
  html`<section aria-labelledby="connect"><h2 id="connect">Connect an agent</h2>
<p>Its address is <code class="value">${mcpUrl}</code></p>
<details><summary>Claude Code</summary>${command(`claude mcp add --transport http countersign ${mcpUrl}`)}${command('claude mcp login countersign')}</details>
<details><summary>Claude Desktop and claude.ai</summary><p>Settings → Connectors → Add custom connector, and paste the address. It must be reachable from the internet; for one that is not, use mcp-remote below.</p></details>
<details><summary>Any client that starts programs (mcp-remote)</summary>${command(`npx mcp-remote ${mcpUrl}`)}</details>
<details><summary>MCP Inspector</summary>${command(`npx @modelcontextprotocol/inspector --web --transport http --server-url ${mcpUrl}`)}<p>It needs Node 22.19 or newer.</p></details></section>`;

/** The words that pages and agents use, for whoever reads them first here. */
const words = html`<section aria-labelledby="words"><h2 id="words">Words</h2><dl class="facts">${[
  ['Plan', 'What a change would do, with every value before and after. Nothing is written yet.'],
  ['Countersign', 'To approve the plan of another person. Nobody can countersign their own.'],
  ['Step up', 'To sign in again and allow an app more, for some minutes.'],
  ['Operation', 'One change from its plan to its revert. It has a page of its own.'],
  ['Pack', 'A set of tools for one kind of work.'],
].map(([word, meaning]) => html`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}</dl></section>`;

/** Pages of packs that this person may see. */
const cards = (pages: readonly HomeCard[]): Html | false =>
  pages.length > 0 &&
  html`<section aria-labelledby="pages"><h2 id="pages">What you can look at</h2><ul class="steps">${pages.map(
    ({ title, text, href, link }) =>
      html`<li class="panel"><h3>${title}</h3><p>${text}</p><p><a href="${href}">${link}</a></p></li>`,
  )}</ul></section>`;

/** What agents can do here: the packs. */
const work = (packs: HomeProps['packs']): Html | false =>
  packs.length > 0 &&
  html`<section aria-labelledby="work"><h2 id="work">What agents can do here</h2><dl class="facts">${packs.map(
    ({ title, description }) => html`<div><dt>${title}</dt><dd>${description}</dd></div>`,
  )}</dl></section>`;

/** The front door: what this is, where to go, how to connect. */
export const homePage = (props: HomeProps): string =>
  page({
    frame: props,
    title: 'Start',
    width: 'sheet',
    main: html`<h1>Agents ask. People countersign.</h1>
<p class="lead">Agents look things up here and ask for changes. Nothing changes until a person has agreed to exactly that change.</p>
<p class="actions">${
      props.person
        ? html`<a class="button" href="${routes.approvals.path}">See what waits for approval</a>`
        : html`<a class="button" href="${signInHref(routes.approvals.path)}">Sign in</a>`
    }</p>
${cards(props.cards)}
<section aria-labelledby="how"><h2 id="how">How a change happens</h2><ol class="steps">${steps(
      props.approveOnPageOnly,
    ).map(([name, text]) => html`<li class="panel"><h3>${name}</h3><p>${text}</p></li>`)}</ol></section>
${work(props.packs)}
${connect(props.mcpUrl)}
${words}
<p class="quiet small">Version ${props.version} · ${plural(props.tools, 'tool')}</p>`,
  });
