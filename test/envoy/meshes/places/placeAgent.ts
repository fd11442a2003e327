/** Runs inside a place: its applications, and the clients that live there. Speaks lines of JSON over its standard streams. */
import { createInterface } from 'node:readline';
import type { TraceRequest } from '../../../../server/src/protocol/trace';
import { sendRequest } from '../../client';
import { startRecorder } from '../../recorder';
import { APPLICATION_PORTS } from './meshPlaces';

/** What the lab asks of a place. */
export type AgentCall = { readonly id: number; readonly send: TraceRequest } | { readonly id: number; readonly take: true };

process.on('uncaughtException', (error) => {
  if (!error.stack?.includes('node:internal/http2')) console.error(error);
});

const recorder = await startRecorder(APPLICATION_PORTS);
const say = (answer: unknown): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const call = JSON.parse(line) as AgentCall;
  if ('send' in call) void sendRequest(call.send).then((result) => say({ id: call.id, result }));
  else say({ id: call.id, result: recorder.take() });
});
input.on('close', () => process.exit(0));
say({ id: 0, result: 'ready' });
