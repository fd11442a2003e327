/** Requests of a case that also say what the requests of the donors say. */
import type { RequestHttp } from '../../../../server/src/protocol/trace';
import type { LabRequest } from '../../labCase';
import type { Dice } from './dice';

/** HTTP/2 has none of them. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'upgrade',
  'proxy-connection',
  'keep-alive',
  'expect',
  'transfer-encoding',
  'host',
]);

/** Where Envoy draws, each of many requests is sent some times only. */
const MOST_REPEATS = 12;
const MOST_REQUESTS = 6;

export function mixRequests(own: readonly LabRequest[], others: readonly LabRequest[], dice: Dice): LabRequest[] {
  const repeat = Math.min(MOST_REPEATS, Math.max(...[...own, ...others].map((each) => each.repeat)));
  const donors = others.flatMap(({ request }) => (request.http && request.http.method !== 'CONNECT' ? [request.http] : []));
  return own.slice(0, MOST_REQUESTS).map(({ request }) => {
    const { http, inner } = request;
    if (!http) return { request, repeat };
    if (http.method === 'CONNECT') {
      const told = inner?.http ? { inner: { ...inner, http: mixHttp(inner.http, donors, dice) } } : {};
      return { request: { ...request, ...told }, repeat };
    }
    return { request: { ...request, http: mixHttp(http, donors, dice) }, repeat };
  });
}

function mixHttp(http: RequestHttp, donors: readonly RequestHttp[], dice: Dice): RequestHttp {
  if (http.method === 'CONNECT') return http;
  let mixed = http;
  for (const donor of dice.some(donors).slice(0, 3)) {
    const names = new Set(mixed.headers.map(([name]) => name.toLowerCase()));
    // Node sends many headers of HTTP/2 once only.
    const isFirst = (name: string, at: number): boolean => donor.headers.findIndex(([other]) => other === name) === at;
    const fresh = donor.headers.filter(([name], at) => !names.has(name.toLowerCase()) && (http.version === 'http1' || isFirst(name, at)));
    mixed = { ...mixed, headers: [...mixed.headers, ...fresh] };
    if (dice.roll(2) === 1) mixed = { ...mixed, path: donor.path };
    if (dice.roll(3) === 1) mixed = { ...mixed, authority: donor.authority };
    if (dice.roll(3) === 1) mixed = { ...mixed, method: donor.method };
  }
  if (mixed.version === 'http1') return mixed;
  return { ...mixed, headers: mixed.headers.filter(([name]) => !CONNECTION_HEADERS.has(name.toLowerCase())) };
}
