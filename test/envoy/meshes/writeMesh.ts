/** Keeps a mesh, its dumps and what was seen, in the shape of `test/oracles/own/worlds`: golden cases that need no Envoy. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeshResult } from './runMesh';

export function writeMesh(folder: string, name: string, { dumps, pairs }: MeshResult): void {
  mkdirSync(folder, { recursive: true });
  for (const dump of dumps) writeFileSync(join(folder, `${dump.name}.json`), `${plainDump(dump.text)}\n`);
  const requests = pairs.map(({ asked, outcomes, because }, at) => ({
    name: `r${at}`,
    from: asked.from,
    request: asked.request,
    repeat: asked.repeat,
    outcomes,
    ...(because === '' ? {} : { because }),
  }));
  const proxies = Object.fromEntries(dumps.map((dump) => [dump.name, dump.nodeId]));
  writeFileSync(join(folder, 'observed.json'), `${JSON.stringify({ name, proxies, requests })}\n`);
}

/** Without what the lab itself has added for its logs, and without where it ran. */
function plainDump(text: string): string {
  const ours: ReadonlySet<string> = new Set([
    'access_log',
    'admin',
    'delayed_close_timeout',
    'user_agent_build_version',
    'extensions',
    'last_updated',
  ]);
  return JSON.stringify(JSON.parse(text, (key, value: unknown) => (ours.has(key) ? undefined : value)));
}
