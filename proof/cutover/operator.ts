/** `npm run cutover` as a process of its own, over another folder's environments: `node operator.ts <root> start ...`. */
import process from 'node:process';
import { cutover } from '../../scripts/cutover.ts';
import { runCommand } from '../../scripts/platform/command.ts';
import { hostOfProcess } from '../../scripts/platform/host.ts';

const [root = '', ...args] = process.argv.slice(2);
process.exitCode = await runCommand(cutover, args, { ...hostOfProcess(), root });
