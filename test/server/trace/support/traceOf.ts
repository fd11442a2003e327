/** Traces through a configuration that stands in the test as YAML. */
import { buildSnapshot } from '../../../../server/src/index/buildSnapshot';
import type { Trace, TraceHop, TracePath, TraceRequest, TraceStep } from '../../../../server/src/protocol/trace';
import { simulateRequest } from '../../../../server/src/trace/simulateRequest';

/** One bootstrap, or several files by name. */
export function traceOf(files: string | Record<string, string>, request: TraceRequest): Trace {
  const sources = typeof files === 'string' ? { '/w/envoy.yaml': files } : files;
  return simulateRequest(buildSnapshot(Object.entries(sources).map(([uri, text]) => ({ uri, text }))), request);
}

/** The only path; a test that expects one fails where there are more. */
export function onlyPath(trace: Trace): TracePath {
  const [path, ...others] = trace.paths;
  if (!path || others.length > 0) throw new Error(`expected one path, got ${trace.paths.length}`);
  return path;
}

export function hopOf(path: TracePath, index = 0): TraceHop {
  const hop = path.hops[index];
  if (!hop) throw new Error(`the path has no hop ${index}: ${path.disposition} ${path.missing?.join('; ') ?? ''}`);
  return hop;
}

/** The steps of a stage in the hop. */
export function stepsOf(hop: TraceHop, stage: TraceStep['stage']): TraceStep[] {
  return hop.steps.filter((step) => step.stage === stage);
}

/** A TCP connection in the contract's words; `sni` and `alpn` make it TLS. */
export function tcp(destination: string, more: TraceRequest['connection'] & Pick<TraceRequest, 'http' | 'start'> = {}): TraceRequest {
  const { http, start, ...connection } = more;
  return { connection: { destination, source: '10.9.9.9:40000', ...connection }, ...(http && { http }), ...(start && { start }) };
}

export const GET: NonNullable<TraceRequest['http']> = {
  version: 'http1',
  method: 'GET',
  scheme: 'http',
  authority: 'a.test',
  path: '/',
  headers: [],
};

/** Indents a block of YAML, to be put into another. */
export function indent(text: string, columns: number): string {
  return text
    .trim()
    .split('\n')
    .map((line) => ' '.repeat(columns) + line)
    .join('\n');
}
