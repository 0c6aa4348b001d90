/** Models, agents and what they know. */
import { declareTypes } from './type.ts';

const endpoint = ['arn:aws:sagemaker:*:{account}:endpoint/*'];
const notebook = ['arn:aws:sagemaker:*:{account}:notebook-instance/*'];
const agent = ['arn:aws:bedrock:*:{account}:agent/*'];
const knowledgeBase = ['arn:aws:bedrock:*:{account}:knowledge-base/*'];

export const modelTypes = declareTypes({
  'sagemaker:endpoint': {
    label: 'SageMaker endpoint',
    list: { 'sagemaker:ListEndpoints': 'everywhere', 'sagemaker:ListTags': endpoint },
    set: { 'sagemaker:AddTags': endpoint },
    remove: { 'sagemaker:DeleteTags': endpoint },
  },
  'sagemaker:notebook-instance': {
    label: 'SageMaker notebook instance',
    list: { 'sagemaker:ListNotebookInstances': 'everywhere', 'sagemaker:ListTags': notebook },
    set: { 'sagemaker:AddTags': notebook },
    remove: { 'sagemaker:DeleteTags': notebook },
  },
  'bedrock:agent': {
    label: 'Bedrock agent',
    list: { 'bedrock:ListAgents': 'everywhere', 'bedrock:ListTagsForResource': agent },
    set: { 'bedrock:TagResource': agent },
    remove: { 'bedrock:UntagResource': agent },
  },
  'bedrock:knowledge-base': {
    label: 'Bedrock knowledge base',
    list: { 'bedrock:ListKnowledgeBases': 'everywhere', 'bedrock:ListTagsForResource': knowledgeBase },
    set: { 'bedrock:TagResource': knowledgeBase },
    remove: { 'bedrock:UntagResource': knowledgeBase },
  },
});
