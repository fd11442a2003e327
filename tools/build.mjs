// Bundles everything that runs into dist/. Options: --minify, --watch, --only=client,webview (names below).
import { build, context } from 'esbuild';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
const minify = args.includes('--minify');
const only = args
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify,
  // Maps help while one works on the code; what is shipped has none.
  sourcemap: minify ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
};
/** The Node parts that the language server's library itself loads: of another copy, errors would not be known for errors, and be sent as results. */
function serverLibraries() {
  const found = {};
  let from = path.join(root, 'package.json');
  for (const name of ['vscode-languageserver', 'vscode-languageserver-protocol', 'vscode-jsonrpc'])
    from = found[`${name}/node`] = createRequire(from).resolve(`${name}/node`);
  return found;
}

const forNode = { ...shared, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'] };
const forBrowser = { ...shared, platform: 'browser', target: 'es2022' };

const bundles = {
  client: {
    ...forNode,
    entryPoints: { client: 'client/src/extension.node.ts', 'languageClient.node': 'client/src/languageClient.node.ts' },
    outdir: 'dist',
    // The second is loaded by the first, when it is needed; by `require`, which is where VS Code hands out its API.
    external: ['vscode', './languageClient.node'],
    supported: { 'dynamic-import': false },
  },
  clientBrowser: {
    ...forBrowser,
    entryPoints: ['client/src/extension.browser.ts'],
    outfile: 'dist/client.browser.js',
    format: 'cjs',
    external: ['vscode'],
  },
  // One bundle for Node and for web workers: what only Node has is asked for when it runs there.
  server: {
    ...forBrowser,
    entryPoints: ['server/src/main.server.ts'],
    outfile: 'dist/server.js',
    format: 'iife',
    external: builtinModules.flatMap((name) => [name, `node:${name}`]),
    alias: serverLibraries(),
  },
  cli: { ...forNode, entryPoints: ['server/src/main.cli.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
  webview: { ...forBrowser, entryPoints: ['client/webview/webview.ts', 'client/webview/webview.css'], outdir: 'dist', format: 'iife' },
};

const unknown = only?.filter((name) => !(name in bundles)) ?? [];
if (unknown.length > 0) {
  console.error(`unknown bundle ${unknown.join(', ')}; there are ${Object.keys(bundles).join(', ')}`);
  process.exit(2);
}
const wanted = Object.entries(bundles).filter(([name]) => !only || only.includes(name));
if (!only)
  execFileSync(process.execPath, [path.join(root, 'tools/schema/comments.mjs')], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

if (args.includes('--watch')) {
  for (const [, options] of wanted) await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  // esbuild has said by then what is wrong.
  await Promise.all(wanted.map(([, options]) => build(options))).catch(() => process.exit(1));
  // The maps of an earlier build must not slip into a package.
  if (minify)
    for (const name of fs.readdirSync(path.join(root, 'dist'))) if (name.endsWith('.map')) fs.rmSync(path.join(root, 'dist', name));
  for (const name of fs.readdirSync(path.join(root, 'dist')).sort()) {
    if (/\.(js|css)$/.test(name))
      console.log(`${String(Math.ceil(fs.statSync(path.join(root, 'dist', name)).size / 1024)).padStart(6)} KB  dist/${name}`);
  }
}
