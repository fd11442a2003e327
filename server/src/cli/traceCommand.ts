/** `envoy-lens trace`: where does this request go, and why not there? */
import { canonicalIp, parseIpPort } from '../model/address';
import { requestOfCurl, withoutNamed } from '../protocol/requestFromUrl';
import type { RequestConnection, RequestHttp, Trace, TraceRequest } from '../protocol/trace';
import { describeOutcome } from '../trace/render/describeOutcome';
import { renderMermaid } from '../trace/render/renderMermaid';
import { renderText } from '../trace/render/renderText';
import { simulateRequest } from '../trace/simulateRequest';
import { done, failed, UsageError, type Command, type CommandResult } from './commandLine';
import { jsonInPieces } from './jsonInPieces';
import { parseArguments, type OptionKind, type ParsedArguments } from './parseArguments';
import { readConfiguration } from './readConfiguration';
import { readRequests } from './readRequests';
import type { Snapshot } from '../index/snapshot';

const OPTIONS: Readonly<Record<string, OptionKind>> = {
  '--url': 'value',
  '--proxy': 'value',
  '--listener': 'value',
  '--dst': 'value',
  '--src': 'value',
  '--capture': 'value',
  '--tls': 'flag',
  '--sni': 'value',
  '--alpn': 'value',
  '--principal': 'values',
  '--method': 'value',
  '--authority': 'value',
  '--path': 'value',
  '-H': 'values',
  '--http1': 'flag',
  '--http2': 'flag',
  '--http3': 'flag',
  '--tcp': 'flag',
  '--random': 'value',
  '--runtime': 'values',
  '--time': 'value',
  '--request': 'value',
  '--why': 'flag',
  '--expect': 'value',
  '--format': 'value',
};

export const traceCommand: Command = async (args, host) => {
  const parsed = parseArguments(args, OPTIONS);
  const format = parsed.choice('--format', ['text', 'json', 'mermaid']) ?? 'text';
  if (parsed.files.length === 0) throw new UsageError('trace needs at least one file');
  checkTogether(parsed);
  const requestFile = parsed.value('--request');
  const given = requestFile === undefined ? readArguments(parsed) : readRequests(requestFile, await host.readFile(requestFile));
  const { snapshot, warning } = await readConfiguration(host, parsed.files);
  const { requests, many } = Array.isArray(given) ? { requests: given, many: true } : { requests: [given], many: false };
  const print = (traces: Iterable<Trace>): Iterable<string> => {
    if (format === 'json') return many ? jsonInPieces(traces, 1) : jsonOf(traces);
    const write = (trace: Trace) =>
      format === 'mermaid' ? renderMermaid(trace) : renderText(trace, { why: parsed.flag('--why'), colours: host.colours });
    return apart(traces, write);
  };
  const traces = simulateAll(snapshot, requests);
  const expected = parsed.value('--expect');
  return expected === undefined ? done(print(traces), warning) : judge(traces, { print, warning, expected });
};

/** One after another, as they are asked for: thousands of traces need not be in memory together. */
function* simulateAll(snapshot: Snapshot, requests: readonly TraceRequest[]): Generator<Trace> {
  for (const request of requests) yield simulateRequest(snapshot, request);
}

function* jsonOf(traces: Iterable<Trace>): Generator<string> {
  for (const trace of traces) yield `${JSON.stringify(trace, null, 2)}\n`;
}

/** With an empty line between them. */
function* apart(traces: Iterable<Trace>, write: (trace: Trace) => string): Generator<string> {
  let before = '';
  for (const trace of traces) {
    yield before + write(trace);
    before = '\n';
  }
}

interface Expectation {
  readonly print: (traces: Iterable<Trace>) => Iterable<string>;
  readonly warning: string | undefined;
  readonly expected: string;
}

/** With `--expect`: every path must end in that disposition, or pass that cluster. */
function judge(traces: Iterable<Trace>, { print, warning, expected }: Expectation): CommandResult {
  const others: string[] = [];
  const output = [...print(noteUnexpected(traces, expected, others))];
  const [other] = others;
  if (other === undefined) return done(output, warning);
  return failed(output, [...(warning === undefined ? [] : [warning]), `envoy-lens: expected ${expected}, not ${other}`].join('\n'));
}

/** The outcome of the first path of each trace that is not as expected. */
function* noteUnexpected(traces: Iterable<Trace>, expected: string, others: string[]): Generator<Trace> {
  for (const trace of traces) {
    const other = findUnexpected(trace, expected);
    if (other !== undefined) others.push(other);
    yield trace;
  }
}

function findUnexpected({ paths }: Trace, expected: string): string | undefined {
  if (paths.length === 0) return 'no path at all';
  const other = paths.find(({ disposition, hops }) => disposition !== expected && !hops.some(({ cluster }) => cluster === expected));
  if (!other) return undefined;
  const clusters = other.hops.flatMap(({ cluster }) => cluster ?? []);
  return `${describeOutcome(other)}${clusters.length === 0 ? '' : ` by ${clusters.join(', ')}`}`;
}

/** What says one thing twice, so that one of the two would be passed over. */
function checkTogether(parsed: ParsedArguments): void {
  const given = (options: readonly string[]) => options.filter((option) => parsed.values(option).length > 0);
  const [first, second] = given(['--http1', '--http2', '--http3', '--tcp']);
  if (second !== undefined) throw new UsageError(`${first} and ${second} cannot be given together`);
  const [ofHttp] = given(['--method', '--authority', '--path', '-H']);
  if (first === '--tcp' && ofHttp !== undefined) throw new UsageError(`--tcp asks without HTTP: ${ofHttp} cannot be given with it`);
  const [beside] = given(Object.keys(OPTIONS).filter((option) => !BESIDE_REQUEST.has(option)));
  if (parsed.value('--request') !== undefined && beside !== undefined)
    throw new UsageError(`--request says the whole request: ${beside} cannot be given with it`);
}

/** What is not about the request. */
const BESIDE_REQUEST: ReadonlySet<string> = new Set(['--request', '--why', '--expect', '--format']);

function readArguments(parsed: ParsedArguments): TraceRequest {
  const url = parsed.value('--url');
  const fromUrl = url === undefined ? undefined : requestOfCurl(url, parsed.value('--method'));
  if (url !== undefined && !fromUrl) throw new UsageError(`--url is not an http or https URL: ${url}`);
  const http = parsed.flag('--tcp') ? undefined : readHttp(parsed, fromUrl?.http);
  const start = { proxy: parsed.value('--proxy'), listener: parsed.value('--listener') };
  const random = readNumber(parsed, '--random');
  const runtime = readRuntime(parsed.values('--runtime'));
  return {
    ...((start.proxy !== undefined || start.listener !== undefined) && { start: dropUndefined(start) }),
    connection: readConnection(parsed, fromUrl?.connection),
    ...(http && { http }),
    ...(random !== undefined && { random }),
    ...(runtime && { runtime }),
    ...readTime(parsed.value('--time')),
  };
}

function readTime(time: string | undefined): Pick<TraceRequest, 'time'> {
  if (time !== undefined && Number.isNaN(Date.parse(time))) throw new UsageError(`--time is not a time as 2026-03-01T12:00:00Z: ${time}`);
  return time === undefined ? {} : { time };
}

function readConnection(parsed: ParsedArguments, fromUrl: RequestConnection | undefined): RequestConnection {
  const alpn = parsed.value('--alpn')?.split(',').filter(Boolean);
  const principals = parsed.values('--principal');
  checkAddresses(parsed.value('--dst'), parsed.value('--src'));
  return dropUndefined({
    ...fromUrl,
    // HTTP/3 comes by QUIC alone.
    ...(fromUrl?.transport === 'tls' && parsed.flag('--http3') && { transport: 'quic' as const, alpn: ['h3'] }),
    ...dropUndefined({
      destination: parsed.value('--dst'),
      source: parsed.value('--src'),
      capture: parsed.choice('--capture', ['outbound', 'inbound', 'none']),
      transport: parsed.flag('--tls') ? ('tls' as const) : undefined,
      sni: parsed.value('--sni'),
      alpn,
      peerPrincipals: principals.length > 0 ? [...principals] : undefined,
    }),
  });
}

/** A destination is IP:PORT, or the path of a socket; a source may leave the port out. */
function checkAddresses(destination: string | undefined, source: string | undefined): void {
  if (destination !== undefined && !/^[/@]/.test(destination) && !parseIpPort(destination))
    throw new UsageError(`--dst must be IP:PORT (IPv6 as [::1]:80) or the path of a socket, not ${destination}`);
  if (source !== undefined && !parseIpPort(source) && canonicalIp(source) === undefined)
    throw new UsageError(`--src must be an IP or IP:PORT, not ${source}`);
}

/** HTTP as soon as anything of HTTP is said; plain TCP otherwise. */
function readHttp(parsed: ParsedArguments, fromUrl: RequestHttp | undefined): RequestHttp | undefined {
  const headers = parsed.values('-H').map(readHeader);
  const version = (['http1', 'http2', 'http3'] as const).find((each) => parsed.flag(`--${each}`));
  const named = ['--method', '--authority', '--path'].some((option) => parsed.value(option) !== undefined);
  if (!fromUrl && !version && !named && headers.length === 0) return undefined;
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  const method = parsed.value('--method') ?? fromUrl?.method ?? 'GET';
  const isTunnel = method === 'CONNECT' && !headers.some(([name]) => name === ':protocol');
  return {
    version: version ?? fromUrl?.version ?? 'http1',
    method,
    scheme: fromUrl?.scheme ?? (parsed.flag('--tls') ? 'https' : 'http'),
    authority: parsed.value('--authority') ?? host ?? fromUrl?.authority ?? parsed.value('--dst') ?? '',
    // A CONNECT names a host and a port, and no path.
    path: parsed.value('--path') ?? (isTunnel ? '' : (fromUrl?.path ?? '/')),
    headers: [...withoutNamed(fromUrl?.headers ?? [], headers), ...headers.filter(([name]) => name.toLowerCase() !== 'host')],
  };
}

function readHeader(text: string): [name: string, value: string] {
  const colon = text.indexOf(':', 1);
  if (colon < 0) throw new UsageError(`-H needs 'name: value', not ${text}`);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

function readRuntime(pairs: readonly string[]): TraceRequest['runtime'] {
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new UsageError(`--runtime needs key=value, not ${pair}`);
      const text = pair.slice(equals + 1);
      const value = text === 'true' ? true : text === 'false' ? false : text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
      return [pair.slice(0, equals), value];
    }),
  );
}

function readNumber(parsed: ParsedArguments, name: string): number | undefined {
  const text = parsed.value(name);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new UsageError(`${name} must be a whole number, not ${text}`);
  return Number(text);
}

function dropUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}
