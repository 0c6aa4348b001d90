/**
 * Answers by the shapes of the APIs' own models, for operations that moto 5.2.1 has not got or answers in another shape. The models
 * are botocore's, in api-model.json; service-types.test.ts holds each answer against them.
 */
import type { TaggableType } from '../../../contracts/packs/tagging.ts';
import { east, home } from './moto-cloud.ts';
import type { OperationCall, WireAnswer } from './recorded-estate.ts';

type Tags = Record<string, string>;
type Answers = (call: OperationCall, tags: Tags) => object | undefined;

const inputOf = <T>({ input }: OperationCall): T => input as T;

/** What tagging and untagging do, in the spelling of one API. */
const tagged =
  (name: 'Tags' | 'tags'): Answers =>
  (call, tags) => {
    if (call.operation === 'ListTagsForResource') return { [name]: { ...tags } };
    if (call.operation === 'TagResource') Object.assign(tags, inputOf<Record<string, Tags>>(call)[name]);
    else if (call.operation !== 'UntagResource') return undefined;
    else
      for (const key of inputOf<Record<string, string[]>>(call)[name === 'Tags' ? 'TagKeys' : 'tagKeys'] ?? [])
        delete tags[key];
    return {};
  };

const listing =
  (operation: string, answer: object, others: Answers = tagged('tags')): Answers =>
  (call, tags) =>
    call.operation === operation ? answer : others(call, tags);

const updatedAt = '2026-11-01T08:00:00Z';

/** Only tagging and untagging are answered: the tags themselves are read from moto. */
const acknowledged: Answers = ({ operation }) =>
  /^((Un)?[Tt]agResource|UpdateProject)$/.test(operation) ? {} : undefined;

export interface Modelled {
  readonly answers: Answers;
  /** Set where moto knows no such resource. */
  readonly arn?: string;
  /** Tags are read from moto, which does not hear of the change. */
  readonly deaf?: true;
}

export const modelled: Readonly<Partial<Record<TaggableType, Modelled>>> = {
  'cognito-idp:userpool': { answers: tagged('Tags') },
  'cognito-identity:identitypool': { answers: tagged('Tags') },
  'apigateway:restapi': { answers: acknowledged, deaf: true },
  'eks:nodegroup': { answers: acknowledged, deaf: true },
  'codebuild:project': { answers: acknowledged, deaf: true },
  // moto writes dates as text, where the protocol has numbers.
  'codepipeline:pipeline': {
    answers: listing(
      'ListPipelines',
      { pipelines: [{ name: 'release', version: 1, created: 1_793_520_000 }] },
      () => undefined,
    ),
  },
  'bedrock:agent': {
    arn: `arn:aws:bedrock:${east}:${home}:agent/AGENT12345`,
    answers: listing('ListAgents', {
      agentSummaries: [{ agentId: 'AGENT12345', agentName: 'helper', agentStatus: 'PREPARED', updatedAt }],
    }),
  },
  'bedrock:knowledge-base': {
    arn: `arn:aws:bedrock:${east}:${home}:knowledge-base/KB12345678`,
    answers: listing('ListKnowledgeBases', {
      knowledgeBaseSummaries: [{ knowledgeBaseId: 'KB12345678', name: 'papers', status: 'ACTIVE', updatedAt }],
    }),
  },
};

/** Answers the calls of a type for as long as the function is kept; `told` gets each answer. */
export const answersOf = (
  type: TaggableType,
  told: (call: OperationCall, answer: object) => void = () => {},
): ((call: OperationCall) => WireAnswer | undefined) => {
  const tags: Tags = {};
  return (call) => {
    const answer = call.api === 'tagging' ? undefined : modelled[type]?.answers(call, tags);
    if (answer === undefined) return undefined;
    told(call, answer);
    return { status: 200, body: JSON.stringify(answer) };
  };
};
