/** The form by which a person changes the request and traces it again. */
import { requestFromUrl } from '../../server/src/protocol/requestFromUrl';
import type { RequestConnection, RequestHttp, TraceRequest } from '../../server/src/protocol/trace';
import { createElement } from './createElement';
import { word } from './words';

type FieldName = keyof RequestFields;

/** The form's text, field by field. */
export interface RequestFields {
  url: string;
  method: string;
  version: string;
  headers: string;
  destination: string;
  source: string;
  transport: string;
  sni: string;
  alpn: string;
  principals: string;
  capture: string;
  random: string;
}

/** `send` gets the changed request; what the form does not show (start, inner, metadata …) stays as it is in `request`. */
export function renderRequestForm(request: TraceRequest, isOpen: boolean, send: (request: TraceRequest) => void): HTMLFormElement {
  const fields = fieldsOfRequest(request);
  const problem = createElement('div', { class: 'problem', role: 'alert' });
  const form = createElement('form', { class: 'request', 'aria-label': word('request') }, [
    createElement('div', { class: 'bar' }, [
      input('method', fields, { list: 'methods', size: '7' }),
      input('url', fields, { placeholder: word('urlHint') }),
      createElement('button', { type: 'submit', class: 'primary' }, [word('traceAgain')]),
    ]),
    createElement(
      'datalist',
      { id: 'methods' },
      ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'CONNECT'].map((value) => createElement('option', { value })),
    ),
    problem,
    createElement('details', { class: 'more', ...(isOpen && { open: '' }) }, [
      createElement('summary', {}, [word('editRequest')]),
      createElement('div', { class: 'fields' }, moreFields(fields)),
    ]),
  ]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const changed = requestOfFields(readFields(form, fields), request);
    problem.textContent = typeof changed === 'string' ? word(changed) : '';
    if (typeof changed !== 'string') send(changed);
  });
  return form;
}

function moreFields(fields: RequestFields): HTMLElement[] {
  return [
    area('headers', fields, word('headersHint')),
    labelled('destination', input('destination', fields, { placeholder: '10.96.183.192:9080' })),
    labelled('source', input('source', fields, { placeholder: '10.244.2.3' })),
    choice('version', fields, ['http1', 'http2', 'http3']),
    choice('transport', fields, ['', 'raw_buffer', 'tls', 'quic']),
    labelled('sni', input('sni', fields)),
    labelled('alpn', input('alpn', fields, { placeholder: 'h2,http/1.1' })),
    area('principals', fields, word('principalsHint')),
    choice('capture', fields, ['', 'outbound', 'inbound', 'none']),
    labelled('random', input('random', fields, { inputmode: 'numeric', pattern: '[0-9]*' })),
  ];
}

export function fieldsOfRequest({ connection, http, random }: TraceRequest): RequestFields {
  return {
    url: http ? `${http.scheme}://${http.authority}${http.path}` : '',
    method: http?.method ?? 'GET',
    version: http?.version ?? 'http1',
    headers: (http?.headers ?? []).map(([name, value]) => `${name}: ${value}`).join('\n'),
    destination: connection.destination ?? '',
    source: connection.source ?? '',
    transport: connection.transport ?? '',
    sni: connection.sni ?? '',
    alpn: connection.alpn?.join(',') ?? '',
    principals: connection.peerPrincipals?.join('\n') ?? '',
    capture: connection.capture ?? '',
    random: random === undefined ? '' : String(random),
  };
}

/** The request that the form says, or the phrase that says what is wrong with it. */
export function requestOfFields(fields: RequestFields, before: TraceRequest): TraceRequest | 'urlProblem' | 'headersProblem' {
  const headers = readHeaders(fields.headers);
  if (!headers) return 'headersProblem';
  const asked = fields.url.trim() === '' ? undefined : requestFromUrl(fields.url, fields.method.trim() || 'GET');
  if (fields.url.trim() !== '' && !asked) return 'urlProblem';
  const connection = connectionOfFields(fields, before.connection);
  // Who changes http to https means what curl does by it, unless he says otherwise.
  const becomesTls = asked?.http.scheme === 'https' && before.http?.scheme !== 'https' && !connection.transport;
  const { http: _http, random: _random, ...kept } = before;
  return {
    ...kept,
    connection: becomesTls ? { ...asked.connection, ...connection } : connection,
    ...(asked && { http: { ...asked.http, headers, version: fields.version as RequestHttp['version'], path: pathOf(asked.http, before) } }),
    ...(/^\d+$/.test(fields.random.trim()) && { random: Number(fields.random) }),
  };
}

/** A CONNECT names no path; one that the request had already is kept. */
function pathOf(http: RequestHttp, before: TraceRequest): string {
  if (http.method !== 'CONNECT' || http.path !== '/') return http.path;
  return before.http?.method === 'CONNECT' ? before.http.path : '';
}

function connectionOfFields(fields: RequestFields, before: RequestConnection): RequestConnection {
  const { metadata, filterState, directSource } = before;
  const lines = (text: string, separator: RegExp) =>
    text
      .split(separator)
      .map((part) => part.trim())
      .filter(Boolean);
  const texts = {
    destination: fields.destination.trim(),
    source: fields.source.trim(),
    transport: fields.transport,
    sni: fields.sni.trim(),
    capture: fields.capture,
  };
  const given = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
  const alpn = lines(fields.alpn, /,/);
  const peerPrincipals = lines(fields.principals, /\n/);
  return {
    ...(directSource !== undefined && { directSource }),
    ...(metadata && { metadata }),
    ...(filterState && { filterState }),
    ...(given as RequestConnection),
    ...(alpn.length > 0 && { alpn }),
    ...(peerPrincipals.length > 0 && { peerPrincipals }),
  };
}

function readHeaders(text: string): [string, string][] | undefined {
  const headers: [string, string][] = [];
  for (const line of text.split('\n').filter((candidate) => candidate.trim() !== '')) {
    // A pseudo header such as :path begins with a colon.
    const colon = line.indexOf(':', 1);
    if (colon < 0) return undefined;
    headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return headers;
}

function readFields(form: HTMLFormElement, before: RequestFields): RequestFields {
  const data = new FormData(form);
  const read = (name: string, value: string) => {
    const given = data.get(name);
    return [name, typeof given === 'string' ? given.replaceAll('\r\n', '\n') : value];
  };
  return Object.fromEntries(Object.entries(before).map(([name, value]: [string, string]) => read(name, value))) as unknown as RequestFields;
}

function input(name: FieldName, fields: RequestFields, attributes: Record<string, string> = {}): HTMLInputElement {
  const element = createElement('input', { name, 'aria-label': word(name), spellcheck: 'false', autocomplete: 'off', ...attributes });
  element.value = fields[name];
  return element;
}

function area(name: FieldName, fields: RequestFields, hint: string): HTMLElement {
  const element = createElement('textarea', { name, rows: '2', placeholder: hint, spellcheck: 'false' });
  element.value = fields[name];
  return labelled(name, element);
}

function choice(name: FieldName, fields: RequestFields, values: readonly string[]): HTMLElement {
  const select = createElement(
    'select',
    { name },
    values.map((value) => createElement('option', { value }, [value || word('asDefault')])),
  );
  select.value = fields[name];
  return labelled(name, select);
}

function labelled(name: FieldName, control: HTMLElement): HTMLElement {
  return createElement('label', { class: `field field-${name}` }, [createElement('span', {}, [word(name)]), control]);
}
