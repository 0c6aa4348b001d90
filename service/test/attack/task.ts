/**
 * A program for the attacks: the service as it is, but that its estate is the upstream at ATTACK_CLOUD, which also says
 * how far its clock is ahead.
 */
import process from 'node:process';
import { parseConfig } from '../../src/config.ts';
import { openTagging } from '../../src/packs/tagging/open.ts';
import { drainOnSignals } from '../../src/start/drain.ts';
import { start } from '../../src/start/start.ts';
import { askCloud, overCloud } from './over-cloud.ts';

const url = process.env.ATTACK_CLOUD ?? '';
let ahead = Number(await askCloud(url, 'clock'));
const follow = async (): Promise<void> => {
  // While the upstream is gone the attack is over, and so is this task.
  ahead = Number(await askCloud(url, 'clock').catch(() => ahead));
};
setInterval(() => void follow(), 200).unref();

const config = parseConfig(process.env);
const running = await start(config, {
  now: () => new Date(Date.now() + ahead * 1000),
  packs: { tagging: (services) => openTagging({ ...services, tables: overCloud(services.tables, url) }) },
});
drainOnSignals(running, config);
