/** The lab's end of a place: sends requests from there, and tells what its applications got. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { sendRequest, type ClientResult } from '../../client';
import { BUNDLE } from '../../labFolders';
import { startRecorder, type RecordedConnection } from '../../recorder';
import { OUTSIDE_PORTS } from './meshPlaces';
import type { Enter } from './meshNetwork';

export interface Place {
  readonly send: (request: TraceRequest) => Promise<ClientResult>;
  /** What arrived since the last call. */
  readonly take: () => Promise<RecordedConnection[]>;
  readonly close: () => void;
}

/** The world outside is where the lab itself runs. */
export async function startOutside(): Promise<Place> {
  const recorder = await startRecorder(OUTSIDE_PORTS);
  return { send: sendRequest, take: () => Promise.resolve(recorder.take()), close: recorder.close };
}

/** Starts the agent of a place and waits until it listens. */
export async function startPlace(enter: Enter): Promise<Place> {
  const [command, ...parameters] = [...enter, process.execPath, join(BUNDLE, 'placeAgent.mjs')];
  const agent = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
  process.once('exit', () => agent.kill('SIGKILL'));
  const waiting = new Map<number, (result: unknown) => void>();
  let calls = 0;
  createInterface({ input: agent.stdout }).on('line', (line) => {
    const { id, result } = JSON.parse(line) as { id: number; result: unknown };
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  const answerTo = (id: number): Promise<unknown> => new Promise((resolve) => waiting.set(id, resolve));
  const ask = (call: object): Promise<unknown> => {
    const id = ++calls;
    const answer = answerTo(id);
    agent.stdin.write(`${JSON.stringify({ id, ...call })}\n`);
    return answer;
  };
  await answerTo(0);
  return {
    send: async (request) => (await ask({ send: request })) as ClientResult,
    take: async () => (await ask({ take: true })) as RecordedConnection[],
    close: () => void agent.kill('SIGKILL'),
  };
}
