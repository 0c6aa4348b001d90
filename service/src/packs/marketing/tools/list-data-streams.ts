import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { lastPart, ofAnalytics, PropertyId } from './shared/analytics-ids.ts';
import { AnswerRows, readOnly, shown, shownOrNull } from './shared/answer.ts';
import { CursorInput, CursorOutput, listPage } from './shared/paging.ts';

export const listDataStreams = ({ analytics, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_data_streams',
    title: 'List data streams',
    description: 'Lists web sites (with measurement id) and apps that feed a Google Analytics property.',
    scopes: ['marketing:read'],
    input: z.strictObject({ propertyId: PropertyId, cursor: CursorInput }),
    output: z.object({
      streams: AnswerRows,
      total: z.number(),
      next_cursor: CursorOutput,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ({ propertyId }) => ofAnalytics(propertyId),
    run: async ({ propertyId, cursor }, context) => {
      const all = await analytics.dataStreams(propertyId, context);
      const { page, ...rest } = listPage(all, cursor, ({ name, type, displayName, ...stream }) => ({
        ...{ stream_id: lastPart(shown(name)), type: shown(type), name: shown(displayName) },
        measurement_id: shownOrNull(stream.webStreamData?.measurementId),
        default_uri: shownOrNull(stream.webStreamData?.defaultUri),
        app: shownOrNull(stream.androidAppStreamData?.packageName ?? stream.iosAppStreamData?.bundleId),
      }));
      return { streams: page, ...rest, sandbox, untrusted_text: ['streams[].name', 'streams[].default_uri'] };
    },
  });
