/** Starts the proxies of a mesh, sends its requests, and holds our trace over their dumps to what happened. */
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import { simulateRequest } from '../../../server/src/trace/simulateRequest';
import { compareObservation, describeAgreement, type Agreement } from '../../oracles/compareObservation';
import type { Observation, Outcome } from '../../oracles/observation';
import { shortenObservation } from '../../oracles/shortenObservation';
import { startEnvoy, type RunningEnvoy } from '../envoyProcess';
import { configuredListeners } from '../listenerFacts';
import type { WatchedProxy } from './followPath';
import type { MeshCase, MeshProxy, MeshRequest } from './meshCase';
import type { Enter } from './places/meshNetwork';
import { PLACES } from './places/meshPlaces';
import { observeMesh } from './observeMesh';
import type { Place } from './places/placeClient';
import { asDenied, endsAtName, isRefusedAnyway, withoutAlert } from './chance';
import { filesOfProxy } from './proxies/proxyFiles';
import { weakenDump } from './weakenDump';
import type { Snapshot } from '../../../server/src/index/snapshot';

export interface MeshWorld {
  readonly envoy: string;
  readonly enters: ReadonlyMap<string, Enter>;
  readonly places: ReadonlyMap<string, Place>;
}

export interface Dump {
  readonly name: string;
  readonly nodeId: string;
  readonly text: string;
}

export interface MeshPair {
  readonly mesh: MeshCase;
  readonly asked: MeshRequest;
  readonly outcomes: readonly Outcome[];
  readonly verdict: Agreement['kind'] | 'unclear';
  readonly because: string;
}

export interface MeshResult {
  readonly dumps: readonly Dump[];
  readonly pairs: readonly MeshPair[];
}

/** Throws with Envoy's words where it refuses a configuration: a mesh that does not start is the generator's fault. */
export async function runMesh(world: MeshWorld, mesh: MeshCase, order: (count: number) => number): Promise<MeshResult> {
  const running: RunningEnvoy[] = [];
  try {
    await Promise.all(
      mesh.proxies.map(
        async (proxy, index) =>
          void (running[index] = await startEnvoy(world.envoy, { ...filesOfProxy(proxy), enter: world.enters.get(proxy.place) })),
      ),
    );
    const watched = mesh.proxies.flatMap((proxy, index) => watch(proxy, running[index]));
    const dumps = await takeDumps(mesh, running);
    const open = openings(dumps, order);
    const weak = weakOpenings(dumps, order);
    const pairs: MeshPair[] = [];
    for (const asked of mesh.requests) {
      const repeat = repeatsOf(open, asked);
      const outcomes = await observeOutcomes({ proxies: watched, places: world.places }, { ...asked, repeat });
      pairs.push({ mesh, asked, outcomes, ...judge({ open, weak }, asked, outcomes) });
    }
    return { dumps, pairs };
  } finally {
    await Promise.all(running.map((each) => each.stop()));
  }
}

function watch(proxy: MeshProxy, running: RunningEnvoy | undefined): WatchedProxy[] {
  const facts = configuredListeners(filesOfProxy(proxy));
  const { ips, ip6 } = PLACES[proxy.place];
  return running ? [{ nodeId: proxy.node.id, ips: [...ips, `[${ip6}]`], log: running.log, facts }] : [];
}

async function takeDumps(mesh: MeshCase, running: readonly RunningEnvoy[]): Promise<Dump[]> {
  return Promise.all(
    running.map(async (each, index) => {
      const proxy = mesh.proxies[index];
      return { name: proxy?.place ?? '', nodeId: proxy?.node.id ?? '', text: await each.dump() };
    }),
  );
}

async function observeOutcomes(lab: Parameters<typeof observeMesh>[0], asked: MeshRequest): Promise<Outcome[]> {
  const found = new Map<string, { count: number; observation: Observation }>();
  for (let times = 0; times < asked.repeat; times++) {
    const observation = await observeMesh(lab, asked);
    const key = JSON.stringify(observation);
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { count: 1, observation });
  }
  return [...found.values()];
}

/** Where the trace branches both ways should be seen; what it calls certain needs asking once. */
function repeatsOf(open: readonly Opening[], { request, repeat }: MeshRequest): number {
  const whole = open.at(-1);
  return whole && simulateRequest(whole.snapshot, request).paths.length > 1 ? repeat : 1;
}

interface Opening {
  readonly label: string;
  readonly snapshot: Snapshot;
  readonly ids: ReadonlySet<string>;
}

/** All dumps in a random order, and every smaller set of them. */
function openings(dumps: readonly Dump[], order: (count: number) => number): Opening[] {
  const shuffled = [...dumps];
  for (let left = shuffled.length; left > 1; left--) shuffled.push(...shuffled.splice(order(left), 1));
  const sets = Array.from({ length: (1 << shuffled.length) - 1 }, (_, mask) => shuffled.filter((_, index) => ((mask + 1) >> index) & 1));
  return sets.map((set) => ({
    label: set.map(({ name }) => name).join('+'),
    snapshot: buildSnapshot(set.map(({ name, text }) => ({ uri: `mesh:/${name}.json`, text }))),
    ids: new Set(set.map(({ nodeId }) => nodeId)),
  }));
}

const LOSSES = 40;

/** All dumps, each time one of them with a loss. */
function weakOpenings(dumps: readonly Dump[], roll: (count: number) => number): Opening[] {
  return Array.from({ length: LOSSES }, () => {
    const hurt = dumps[roll(dumps.length)];
    const weak = hurt && weakenDump(hurt.text, roll);
    const sources = dumps.map(({ name, text }) => ({ uri: `mesh:/${name}.json`, text: name === hurt?.name && weak ? weak.text : text }));
    const ids = new Set(dumps.map(({ nodeId }) => nodeId));
    return { label: `${hurt?.name ?? ''}: ${weak?.loss ?? ''}`, snapshot: buildSnapshot(sources), ids };
  });
}

interface Openings {
  readonly open: readonly Opening[];
  /** Here the trace may say that it cannot tell. */
  readonly weak: readonly Opening[];
}

/** Each opening must agree up to the first proxy whose dump is missing. */
function judge({ open, weak }: Openings, { request }: MeshRequest, outcomes: readonly Outcome[]): Pick<MeshPair, 'verdict' | 'because'> {
  if (outcomes.some(({ observation }) => observation.disposition === 'unclear'))
    return { verdict: 'unclear', because: 'the logs do not tell how it ended' };
  const first = request.start?.proxy ?? outcomes[0]?.observation.hops[0]?.proxy;
  for (const { label, snapshot, ids } of [...open].reverse()) {
    // Where nobody took the connection all dumps must be open to say so.
    if (first === undefined ? (1 << ids.size) - 1 < open.length : !ids.has(first)) continue;
    const agreement = agreementOf({ label, snapshot, ids }, request, outcomes);
    if (agreement.kind !== 'agree') return { verdict: agreement.kind, because: `with ${label}: ${describeAgreement(agreement)}` };
  }
  for (const opening of weak) {
    const agreement = agreementOf(opening, request, outcomes);
    if (agreement.kind !== 'disagree') continue;
    const trace = simulateRequest(opening.snapshot, request);
    if (!isRefusedAnyway(outcomes, trace) && !endsAtName(trace))
      return { verdict: 'disagree', because: `with a loss (${opening.label}): ${describeAgreement(agreement)}` };
  }
  return { verdict: 'agree', because: '' };
}

function agreementOf({ snapshot, ids }: Opening, request: MeshRequest['request'], outcomes: readonly Outcome[]): Agreement {
  try {
    const trace = simulateRequest(snapshot, request);
    const seen = outcomes.map(({ count, observation }) => ({
      count,
      observation: shortenObservation(asDenied(withoutAlert(observation), trace), ids),
    }));
    return compareObservation(trace, seen);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'disagree', because: `exception: ${text.split('\n').slice(0, 4).join(' ')}`, differences: [] };
  }
}
