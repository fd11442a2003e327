/** How the trace grows with the mesh, and how many traces a second one process makes. */
import { buildSnapshot } from '../../../server/src/index/buildSnapshot';
import type { TraceRequest } from '../../../server/src/protocol/trace';
import { renderText } from '../../../server/src/trace/render/renderText';
import { simulate, simulateRequest } from '../../../server/src/trace/simulateRequest';
import { generateMeshDump, SEED } from '../generate/generateDump';
import { meshServices } from '../generate/mesh';
import { interleave, median, processorTimeOf } from './interleave';
import type { Report } from './report';
import type { Snapshot } from '../../../server/src/index/snapshot';

interface Mesh {
  readonly services: number;
  readonly snapshot: Snapshot;
  readonly requests: readonly TraceRequest[];
}

export interface TraceCase {
  readonly small: number;
  readonly large: number;
  readonly curve: readonly number[];
  readonly traces: number;
  readonly rounds: number;
}

export function measureTraces(report: Report, { small, large, curve, traces, rounds }: TraceCase): void {
  const meshes = [small, large, ...curve].filter((each, at, all) => all.indexOf(each) === at).map(makeMesh);
  for (const mesh of meshes) for (let count = 0; count < 500; count++) traceOne(mesh, count);
  const timings = interleave(Object.fromEntries(meshes.map((mesh) => [String(mesh.services), traceMany(mesh)])), rounds);
  const perTrace = (services: number) => (timings.get(String(services))?.median ?? NaN) / EACH;
  report.subjects.push({ name: `${EACH} traces with reasons, by services`, bytes: 0, timings: [...timings.values()] });
  report.curves.push({
    name: 'one trace, reasons written out',
    unit: 'ms',
    along: 'services',
    points: meshes.map(({ services }): [number, number] => [services, perTrace(services)]).sort((a, b) => a[0] - b[0]),
  });
  report.figures.push({
    work: 'one trace, reasons written out',
    on: `${large} services`,
    value: perTrace(large) / perTrace(small),
    unit: 'ratio',
    reference: `${small} services`,
    floor: 1.5,
    aim: 5 / perTrace(small),
  });
  measureThroughput(report, { mesh: meshes.find(({ services }) => services === large), traces });
}

function measureThroughput(report: Report, { mesh, traces }: { mesh: Mesh | undefined; traces: number }): void {
  if (!mesh) return;
  const spent = median(
    [1, 2, 3].map(() =>
      processorTimeOf(() => {
        for (let count = 0; count < traces; count++) simulate(mesh.snapshot, requestAt(mesh, count));
      }),
    ),
  );
  report.figures.push({
    work: 'traces, reasons not read',
    on: `${mesh.services} services`,
    value: traces / (spent / 1000),
    unit: 'per second',
    reference: 'processor time',
    floor: 5000,
    aim: 20000,
  });
}

const EACH = 20;

function traceMany(mesh: Mesh): () => number {
  let next = 0;
  return () => {
    let length = 0;
    for (let count = 0; count < EACH; count++) length += traceOne(mesh, next++);
    return length;
  };
}

function traceOne(mesh: Mesh, count: number): number {
  return renderText(simulateRequest(mesh.snapshot, requestAt(mesh, count)), { why: true }).length;
}

function requestAt({ requests }: Mesh, count: number): TraceRequest {
  return requests[(count * 7) % requests.length] ?? { connection: {} };
}

function makeMesh(services: number): Mesh {
  const snapshot = buildSnapshot([{ uri: 'dump.json', text: generateMeshDump('sidecar', services) }]);
  const requests = [...meshServices(services, SEED)].map(({ host, virtualIp }, index): TraceRequest => ({
    start: { proxy: 'sidecar~10.16.0.1~client-7c9d.default~default.svc.cluster.local' },
    connection: { destination: `${virtualIp}:80`, capture: 'outbound' },
    http: { version: 'http1', method: 'GET', scheme: 'http', authority: host, path: `/items/${index}`, headers: [] },
  }));
  return { services, snapshot, requests };
}
