/** What a call is held against before it runs, from the configuration: questions, intents, regrets, the reviewer. */
import type { Audit } from '../audit/port.ts';
import { createIntents, type Intents } from '../mcp/safety/intents.ts';
import type { QuestionParts } from '../mcp/safety/questions.ts';
import { createRegrets } from '../mcp/safety/regrets.ts';
import { createReviewer, type Reviewer } from '../mcp/safety/reviewer.ts';
import { parseMoney } from '../measures/money.ts';
import type { UpstreamEngine } from '../ports/upstream.ts';
import type { Foundation } from './foundation.ts';

export interface OpenSafety {
  readonly questions: QuestionParts;
  readonly intents: Intents;
  readonly reviewer: Reviewer | undefined;
}

/** Answered by nobody: the variable is required where the model is asked. */
const NOWHERE = 'http://127.0.0.1:9';

const modelOf = (upstreams: Pick<UpstreamEngine, 'of'>) =>
  upstreams.of({ name: 'core', egress: [], variables: ['REVIEWER_URL'] }).open({
    name: 'reviewer',
    base: { variable: 'REVIEWER_URL', otherwise: NOWHERE },
    mostBytes: 64 * 1024,
    retries: 0,
  });

export const openSafety = (
  { config, state, now }: Pick<Foundation, 'config' | 'now'> & { readonly state: Pick<Foundation['state'], 'tables'> },
  { audit, upstreams }: { readonly audit: Pick<Audit, 'query'>; readonly upstreams: Pick<UpstreamEngine, 'of'> },
): OpenSafety => {
  const maxCharges = [parseMoney(config.MAX_COST_WITHOUT_APPROVAL, 'USD')];
  const intents = createIntents(state.tables, now);
  const reviewer =
    config.REVIEWER === 'off'
      ? undefined
      : createReviewer({
          ...{ audit, limits: { maxCharges }, now },
          model: config.REVIEWER === 'model' ? modelOf(upstreams) : undefined,
        });
  const settings = {
    clarify: config.CLARIFY,
    clarifyTools: config.CLARIFY_TOOLS,
    maxResources: config.MAX_RESOURCES_WITHOUT_APPROVAL,
    maxCharges,
    maxDays: config.MAX_DAYS_WITHOUT_APPROVAL,
    ownRegrets: config.REGRETS,
  };
  return { questions: { settings, intents, regrets: createRegrets(state.tables, now), reviewer }, intents, reviewer };
};
