/** Where calls of AWS go. */
import { text, url, type VariableContract } from '../variable.ts';

export const cloudVariables = {
  AWS_REGION: text({ description: 'Region of the service’s own AWS calls.', example: 'us-east-1' }),
  AWS_ENDPOINT_URL: url({
    description: 'Endpoint of all AWS calls, for an emulator.',
    example: 'http://localhost:5000',
  }),
} as const satisfies Record<string, VariableContract>;
