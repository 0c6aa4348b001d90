/** An operator's command as a process of its own, over another folder's environments: `node operator.ts <root> cutover start ...`. */
import process from 'node:process';
import { cutover } from '../../scripts/cutover.ts';
import { migrate } from '../../scripts/migrate.ts';
import { runCommand } from '../../scripts/platform/command.ts';
import { hostOfProcess } from '../../scripts/platform/host.ts';

const [root = '', name, ...args] = process.argv.slice(2);
const host = { ...hostOfProcess(), root };
process.exitCode = await (name === 'migrate' ? runCommand(migrate, args, host) : runCommand(cutover, args, host));
