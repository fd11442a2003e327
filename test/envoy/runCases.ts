/** Runs placed cases against one Envoy and compares each request with its trace. */
import { buildSnapshot } from '../../server/src/index/buildSnapshot';
import { simulateRequest } from '../../server/src/trace/simulateRequest';
import { compareObservation, describeAgreement, type Agreement } from '../oracles/compareObservation';
import type { Observation, Outcome } from '../oracles/observation';
import { startEnvoy, validateConfig, type EnvoyFiles, type RunningEnvoy } from './envoyProcess';
import type { JsonObject, LabRequest, PlacedCase } from './labCase';
import { observeOnce, type Lab } from './observe';
import { discoveryResponse, makeBootstrap, sourcesOf } from './placeCase';
import { objectsOf } from './jsonFields';
import type { Recorder } from './recorder';
import type { Snapshot } from '../../server/src/index/snapshot';

export interface PairResult {
  readonly placed: PlacedCase;
  readonly request: LabRequest;
  readonly outcomes: readonly Outcome[];
  readonly verdict: Agreement['kind'] | 'unclear';
  readonly because: string;
  /** The first asking showed signs of a fault of the lab itself. */
  readonly isAgain?: boolean;
}

export interface RefusedCase {
  readonly placed: PlacedCase;
  readonly reason: string;
}

export interface BatchResult {
  readonly pairs: readonly PairResult[];
  readonly refused: readonly RefusedCase[];
}

/** Leaves out the cases that Envoy refuses, and sends every request of the others. */
export async function runBatch(envoy: string, recorder: Recorder, cases: readonly PlacedCase[]): Promise<BatchResult> {
  const refused = findRefused(envoy, cases);
  const accepted = cases.filter((placed) => !refused.some((each) => each.placed === placed));
  if (accepted.length === 0) return { pairs: [], refused };
  const running = await startEnvoy(envoy, joinCases(accepted));
  try {
    const pairs: PairResult[] = [];
    for (const placed of accepted) pairs.push(...(await runCase(running, recorder, placed)));
    return { pairs, refused };
  } finally {
    await running.stop();
  }
}

/** One validation for all; only where it fails one for each. */
function findRefused(envoy: string, cases: readonly PlacedCase[]): RefusedCase[] {
  if (cases.length > 1 && validateConfig(envoy, joinCases(cases)) === undefined) return [];
  return cases.flatMap((placed) => {
    const reason = validateConfig(envoy, placed);
    return reason === undefined ? [] : [{ placed, reason }];
  });
}

/** One configuration of all cases; files of the same name become one. */
function joinCases(cases: readonly PlacedCase[]): EnvoyFiles {
  const files: Record<string, JsonObject> = {};
  for (const each of cases) {
    for (const [name, file] of Object.entries(each.files))
      files[name] = discoveryResponse([...objectsOf(files[name]?.['resources']), ...objectsOf(file['resources'])]);
  }
  const resources = cases.map(({ bootstrap }) => bootstrap['static_resources'] as JsonObject);
  const listeners = resources.flatMap((part) => objectsOf(part['listeners']));
  const clusters = resources.flatMap((part) => objectsOf(part['clusters']));
  const secrets = resources.flatMap((part) => objectsOf(part['secrets']));
  const runtime = Object.assign({}, ...cases.map(runtimeOf)) as JsonObject;
  return { bootstrap: makeBootstrap({ listeners, clusters, secrets, internal: true, runtime, files }), files };
}

function runtimeOf({ bootstrap }: PlacedCase): JsonObject {
  const [layer] = objectsOf((bootstrap['layered_runtime'] as JsonObject | undefined)?.['layers']);
  return (layer?.['static_layer'] as JsonObject | undefined) ?? {};
}

async function runCase(running: RunningEnvoy, recorder: Recorder, placed: PlacedCase): Promise<PairResult[]> {
  const snapshot = buildSnapshot(sourcesOf(placed));
  const results: PairResult[] = [];
  for (const request of placed.requests) {
    const ask = async (): Promise<PairResult> => {
      const outcomes = await observeOutcomes({ log: running.log, recorder }, placed, request);
      if (running.ended() !== undefined) throw new Error(`Envoy ended (${running.ended() ?? ''}) at ${JSON.stringify(request.request)}`);
      return judge(snapshot, placed, { request, outcomes });
    };
    const first = await ask();
    const isAgain = first.verdict !== 'agree' && first.outcomes.some(({ observation }) => isFaultOfLab(observation));
    results.push(isAgain ? { ...(await ask()), isAgain } : first);
  }
  return results;
}

/** Under load a client may lose its patience, or find no port: nothing that Envoy did. */
function isFaultOfLab({ response, hops }: Observation): boolean {
  const end = response?.end ?? '';
  const hungUp = hops?.some(({ logged }) => logged?.details === 'downstream_remote_disconnect') ?? false;
  return hungUp || end === 'refused' || end === 'silence' || end.startsWith('closed: handshake timeout');
}

/** Equal observations are one outcome. */
async function observeOutcomes(lab: Lab, placed: PlacedCase, request: LabRequest): Promise<Outcome[]> {
  const found = new Map<string, { count: number; observation: Observation }>();
  for (let times = 0; times < request.repeat; times++) {
    const observation = await observeOnce(lab, placed, request);
    const key = JSON.stringify(observation);
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { count: 1, observation });
  }
  return [...found.values()];
}

function judge(snapshot: Snapshot, placed: PlacedCase, { request, outcomes }: Pick<PairResult, 'request' | 'outcomes'>): PairResult {
  const base = { placed, request, outcomes };
  if (outcomes.some(({ observation }) => observation.disposition === 'unclear'))
    return { ...base, verdict: 'unclear', because: 'the logs do not tell how it ended' };
  try {
    const agreement = compareObservation(simulateRequest(snapshot, request.request), outcomes);
    return { ...base, verdict: agreement.kind, because: agreement.kind === 'agree' ? '' : describeAgreement(agreement) };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...base, verdict: 'disagree', because: `exception: ${text.split('\n').slice(0, 4).join(' ')}` };
  }
}
