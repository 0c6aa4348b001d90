/** The countersign pipeline, as the configuration has it. */
import { randomUUID } from 'node:crypto';
import type { AccountGate } from '../accounts/gate.ts';
import type { Audit } from '../audit/port.ts';
import type { Auth } from '../auth/auth.ts';
import type { Config } from '../config.ts';
import type { Tool } from '../mcp/tool.ts';
import { openApprovalHashes } from '../operations/hash.ts';
import type { InPerson } from '../operations/in-person.ts';
import { APPLY_MS, CLAIM_WAIT_MS } from '../operations/lease.ts';
import type { Outbox } from '../operations/outbox.ts';
import { createPipeline, type Pipeline } from '../operations/pipeline.ts';
import { createSight } from '../operations/sight.ts';
import { OperationStore } from '../operations/store.ts';
import type { Foundation } from './foundation.ts';

/** Most resources of one operation. */
const MOST_CHANGES = 500;

/** What leases name as their owner: of two colours on one store it says which. */
const instanceOf = ({ DEPLOYMENT_COLOUR: colour }: Config): string =>
  colour === undefined ? randomUUID() : `${colour}/${randomUUID()}`;

/** Where its moves are told. */
interface Told {
  readonly audit: Audit;
  readonly outbox: Outbox;
}

interface Given {
  readonly secrets: Auth['secrets'];
  readonly inPerson: InPerson;
  readonly accounts: AccountGate;
  /** The tool of a name, if its pack is served. */
  readonly toolOf: (name: string) => Tool | undefined;
}

export const openPipeline = (
  { config, state, metrics, log, now, audit, outbox }: Foundation & Told,
  { secrets, inPerson, toolOf, accounts }: Given,
): Pipeline =>
  createPipeline({
    store: new OperationStore(state.tables),
    audit,
    accounts,
    outbox,
    hashes: openApprovalHashes(secrets.approvalKey),
    sight: createSight(config.TOOL_PACKS),
    inPerson,
    turns: new Map(),
    ephemeral: state.ephemeral,
    metrics,
    log,
    now,
    home: state.home,
    changes: (name) => {
      const tool = toolOf(name);
      return tool?.kind === 'change' ? tool : undefined;
    },
    settings: {
      approvalHours: config.APPROVAL_HOURS,
      confirmSeconds: config.CONFIRM_SECONDS,
      byTool: { approve: !config.APPROVE_ON_PAGE_ONLY, confirm: config.CONFIRM_BY_TOOL },
      approveWithoutEmail: config.APPROVE_WITHOUT_EMAIL,
      decisionsPerMinute: config.DECISIONS_PER_MINUTE,
      maxChanges: MOST_CHANGES,
      instanceId: instanceOf(config),
      onlyInstance: state.exclusive,
      waitingPerClient: config.WAITING_PER_CLIENT,
      waitingPerPerson: config.WAITING_PER_PERSON,
      applyMs: APPLY_MS,
      claimWaitMs: CLAIM_WAIT_MS,
    },
  });
