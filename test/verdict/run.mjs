// Bundles the verdict lab and runs it. Options: --seed=N|random, --count=N (mutations), --frames=N (of each extension), --show=N, --framed-only, --written-only, --yaml, --fixes.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { bundleForNode } from '../support/bundleForNode.mjs';

const root = resolve(import.meta.dirname, '../..');
const outfile = resolve(root, '.cache/verdict/main.mjs');
await build({ ...bundleForNode, entryPoints: [resolve(import.meta.dirname, 'main.ts')], outfile });
const env = { ...process.env, ENVOY_LENS_ROOT: root };
const { status } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], { stdio: 'inherit', env });
process.exit(status ?? 1);
