/**
 * A pack that has one of every member of the contract. Import this file first, and for its effect: it puts the contract into the
 * registry before anything derives from it. Jest gives each test file modules of its own, so no other test knows of it.
 */

import { z } from 'zod';
import { type PackName, packNames, packs, tools } from '../../../../contracts/packs/index.ts';
import { definePack } from '../../../../contracts/packs/pack.ts';
import { integer, list, optionalText } from '../../../../contracts/settings/setting.ts';
import { attribute } from '../../../../contracts/table.ts';
import { choice, secret, text, url, integer as whole } from '../../../../contracts/variable.ts';

const { string, json } = attribute;

export const contract = definePack({
  title: 'Letters',
  description: 'Letters of the company.',
  firstQuestion: 'Which letters were sent?',
  instructions: ['Letters cannot be called back once the post has them.'],
  scopes: {
    'letters:read': { description: 'Read letters', implies: ['operations:read'], elevated: false },
    'letters:write': {
      description: 'Ask for letters to be sent',
      implies: ['letters:read', 'operations:write'],
      elevated: true,
    },
    'letters:approve': { description: 'Countersign letters', implies: ['letters:read'], elevated: true },
  },
  roles: { viewer: ['letters:read'], analyst: ['letters:write'], approver: ['letters:approve'] },
  tools: {
    list_letters: {
      kind: 'query',
      scope: 'letters:read',
      actions: ['route53:ListHostedZones', 'sts:AssumeRole'],
      provider: 'office',
    },
    track_letter: { kind: 'query', scope: 'letters:read', actions: [] },
    mark_letter: { kind: 'act', scope: 'letters:write', actions: [] },
    send_letter: {
      kind: 'change',
      scope: 'letters:write',
      read: 'letters:read',
      approve: 'letters:approve',
      actions: ['route53:ChangeTagsForResource', 'ec2:CreateTags', 'ec2:DeleteTags'],
      provider: 'office',
    },
  },
  accounts: {
    read: 'letters:read',
    decide: 'letters:approve',
    upstreams: {
      Post: { title: 'post box', id: /^[a-z]{1,20}$/, example: 'post', approval: 'none' },
      Courier: { title: 'courier customer', id: /^\d{10}$/, example: '1234567890', approval: 'all' },
    },
  },
  actions: {
    'route53:ListHostedZones': { reach: 'everywhere' },
    'route53:ChangeTagsForResource': { reach: ['arn:aws:route53:::hostedzone/*'], writes: true },
    // Another pack's reach for this action is wider.
    'ec2:CreateTags': {
      reach: {
        chosen: { parcels: ['arn:aws:ec2:*:{account}:volume/*'], stamps: ['arn:aws:ec2:*:{account}:snapshot/*'] },
      },
      writes: true,
    },
    'ec2:DeleteTags': { reach: { chosen: { stamps: ['arn:aws:ec2:*:{account}:snapshot/*'] } }, writes: true },
    'sts:AssumeRole': { reach: 'assumed' },
  },
  assumes: { accounts: 'letters_accounts', role: 'letters_role', externalId: 'letters_external_id' },
  writesIn: 'letters_regions',
  chooses: { setting: 'letters_kinds', every: 'everything', otherwise: ['parcels'] },
  tables: {
    letters: {
      description: 'Letters.',
      postgres: 'letters',
      partition: 'accountId',
      sort: 'arn',
      attributes: { accountId: string, arn: string, record: json, revision: { type: 'number', optional: true } },
      indexes: {},
      pointInTimeRecovery: true,
      removable: true,
    },
  },
  variables: {
    LETTERS: choice({ description: 'Which post.', values: ['sandbox', 'post'], default: 'sandbox' }),
    LETTERS_MOST: whole({ description: 'Letters a day.', default: 3, min: 1, max: 100 }),
    LETTERS_URL: url({ description: 'Where the post is. Default: its own address.' }),
    LETTERS_TOKEN: secret({ description: 'Token of the post.' }),
    LETTERS_WEBHOOK_SECRET: secret({ description: 'Key of the post.' }),
    LETTERS_CREDENTIALS: choice({
      description: 'How calls come by a person’s credential at the post.',
      values: ['header', 'connected'],
      default: 'header',
    }),
    LETTERS_OAUTH_URL: url({ description: 'Where people allow things at the post. Default: its own address.' }),
    LETTERS_CLIENT_ID: text({ description: 'What the service is called at the post.' }),
    LETTERS_CLIENT_SECRET: secret({ description: 'What it proves that with.' }),
  },
  providers: {
    office: {
      title: 'Post office',
      way: 'LETTERS_CREDENTIALS',
      header: 'x-letters-token',
      connected: {
        authorization: 'https://office.example.com/authorize',
        token: 'https://office.example.com/token',
        revocation: 'https://office.example.com/revoke',
        issuer: 'https://office.example.com',
        base: 'LETTERS_OAUTH_URL',
        scopes: ['openid', 'email'],
        parts: {
          letters: { title: 'Letters', scopes: ['letters'] },
          parcels: { title: 'Parcels', scopes: ['parcels'] },
        },
        parameters: { access_type: 'offline' },
        clientId: 'LETTERS_CLIENT_ID',
        clientSecret: 'LETTERS_CLIENT_SECRET',
      },
    },
  },
  upstream: { variable: 'LETTERS', sandbox: 'sandbox', real: 'post', realNeeds: ['LETTERS_TOKEN'] },
  environment: {
    LETTERS: { value: 'post' },
    LETTERS_MOST: { setting: 'letters_most' },
    LETTERS_CREDENTIALS: { setting: 'letters_credentials' },
    LETTERS_CLIENT_ID: { setting: 'letters_client_id' },
  },
  settings: {
    letters_most: integer({ description: 'Letters a day.', unit: 'letters', default: 7, min: 1, max: 100 }),
    letters_accounts: list({ description: 'Accounts of the post.', item: z.string(), example: '["444455556666"]' }),
    letters_regions: list({ description: 'Regions of the post.', item: z.string(), example: '["eu-west-1"]' }),
    letters_kinds: list({ description: 'Kinds of post.', item: z.string(), example: '["stamps"]' }),
    letters_role: optionalText({ description: 'Role of the post.', example: '"Post"' }),
    letters_credentials: optionalText({ description: 'How people are known there.', example: '"connected"' }),
    letters_client_id: optionalText({ description: 'Our name at the post.', example: '"countersign"' }),
    letters_external_id: optionalText({ description: 'What the post wants to hear.', example: '"stamp"' }),
  },
  secrets: {
    LETTERS_TOKEN: { from: 'letter-office:token' },
    LETTERS_WEBHOOK_SECRET: { from: 'letter-office:webhook' },
    LETTERS_CLIENT_SECRET: { from: 'letter-office:client_secret' },
  },
  grants: ['objects'],
  objects: { 'drafts/': { removeAfterDays: 7 } },
  routes: {
    letters: { method: 'GET', path: '/letters', auth: 'page', scope: 'letters:read', rate: 20 },
    noteLetter: { method: 'POST', path: '/letters/notes/:to', auth: 'page', scope: 'letters:write', rate: 5 },
    letterDelivered: {
      method: 'POST',
      path: '/webhooks/letters',
      auth: 'webhook',
      secret: 'LETTERS_WEBHOOK_SECRET',
      rate: 10,
    },
  },
  egress: ['post.example.com'],
  metrics: {
    LettersLost: { kind: 'counter', unit: 'Count', description: 'Letters that were lost.', dimensions: ['Office'] },
  },
  alarms: {
    'letters-lost': {
      metric: 'LettersLost',
      dimensions: { Office: 'north' },
      statistic: 'Sum',
      sounds: 'above',
      threshold: { setting: 'letters_most' },
      period: 600,
      periods: 2,
      topic: 'admin',
      meaning: 'Letters are lost.',
    },
  },
});

Object.assign(packs, { letters: contract });
Object.assign(tools, contract.tools);
/** Its name. The compiler does not know it, because it is in the registry of the tests only. */
export const letters = 'letters' as PackName;
packNames.push(letters);
