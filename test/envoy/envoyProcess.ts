/** Starts, asks and stops a real Envoy. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { ENVOY_GROUP } from './envoyNetwork';
import { openAccessLog, type AccessLog } from './accessLog';
import { instrumentBootstrap, instrumentFile } from './instrument';
import { makeFolder } from './labFolders';
import type { JsonObject } from './labCase';

/** A bootstrap, and the files that it names. */
export interface EnvoyFiles {
  readonly bootstrap: JsonObject;
  readonly files: Readonly<Record<string, JsonObject>>;
  /** What goes before the command where Envoy runs in another network namespace. */
  readonly enter?: readonly string[];
}

export interface RunningEnvoy {
  readonly log: AccessLog;
  /** `/config_dump?include_eds` of the running process. */
  readonly dump: () => Promise<string>;
  /** Has the process ended by itself? Then its exit status or signal. */
  readonly ended: () => string | undefined;
  readonly stop: () => Promise<void>;
}

let started = 0;

/** Why Envoy refuses a configuration; undefined when it does not. */
export function validateConfig(envoy: string, { bootstrap, files }: EnvoyFiles): string | undefined {
  const folder = makeFolder('run', `validate-${process.pid}`);
  writeFiles(folder, { 'envoy.json': bootstrap, ...files });
  const { status, stderr } = spawnSync(envoy, ['--mode', 'validate', '-c', 'envoy.json', '-l', 'critical'], {
    encoding: 'utf8',
    cwd: folder,
  });
  rmSync(folder, { recursive: true, force: true });
  return status === 0 ? undefined : stderr.trim() || `exit status ${status ?? 'none'}`;
}

/** Starts Envoy with an instrumented configuration and waits until it is live. Throws with Envoy's words when it does not start. */
export async function startEnvoy(envoy: string, { bootstrap, files, enter = [] }: EnvoyFiles): Promise<RunningEnvoy> {
  const folder = join(makeFolder('run'), `${process.pid}-${started++}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const logPath = join(folder, 'access.jsonl');
  const admin = { address: { pipe: { path: join(folder, 'admin.sock'), mode: 438 } } };
  const instrumented = Object.entries(files).map(([name, file]) => [name, instrumentFile(file, logPath)] as const);
  writeFiles(folder, { 'envoy.json': { ...instrumentBootstrap(bootstrap, logPath), admin }, ...Object.fromEntries(instrumented) });
  process.setMaxListeners(0);
  const [command = envoy, ...parameters] = [...enter, envoy, ...envoyArguments(folder)];
  const child = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'ignore'], gid: ENVOY_GROUP, cwd: folder });
  // A lab that fails must not leave an Envoy behind.
  process.once('exit', () => child.kill('SIGKILL'));
  await waitUntilLive(child, folder);
  const log = openAccessLog(logPath);
  return {
    log,
    dump: async () => (await askAdmin(join(folder, 'admin.sock'), '/config_dump?include_eds')).body,
    ended: () => (child.exitCode === null && child.signalCode === null ? undefined : String(child.signalCode ?? child.exitCode)),
    stop: async () => {
      log.close();
      await stopProcess(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeFiles(folder: string, files: Readonly<Record<string, JsonObject>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
}

function envoyArguments(folder: string): string[] {
  const logging = ['-l', 'warning', '--log-path', join(folder, 'envoy.log'), '--file-flush-interval-msec', '2'];
  return ['-c', join(folder, 'envoy.json'), '--concurrency', '1', '--disable-hot-restart', ...logging];
}

async function waitUntilLive(child: ChildProcess, folder: string): Promise<void> {
  const socketPath = join(folder, 'admin.sock');
  for (let tries = 0; tries < 1000; tries++) {
    if (child.exitCode !== null) break;
    if (existsSync(socketPath) && (await isReady(socketPath))) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGKILL');
  const log = join(folder, 'envoy.log');
  throw new Error(`Envoy did not start: ${existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : 'no log'}`);
}

async function isReady(socketPath: string): Promise<boolean> {
  return (await askAdmin(socketPath, '/ready')).code === 200;
}

function askAdmin(socketPath: string, path: string): Promise<{ readonly code: number; readonly body: string }> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ code: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
    });
    asked.on('error', () => resolve({ code: 0, body: '' }));
    asked.end();
  });
}

function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
