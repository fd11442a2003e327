/** The HTTP codec: are the bytes a request, and of which version (Envoy: source/common/http/conn_manager_utility.cc autoCreateCodec, http1/codec_impl.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { KEPT_BACK, lostField } from '../../../schema/keptBack';
import { outerHttp, outerTls } from '../../facts/connection';
import { copyHttpRequest, type HttpRequest } from '../../facts/httpRequest';
import { addStep, type Hop } from '../../hop';
import type { EndingResponse } from '../../record/hopRecord';
import { say, words, type Sentence } from '../../record/sentence';
import { checkHttp2Lines } from './checkHttp2Lines';
import { extendedConnectProtocol, readExtendedConnect, writeExtendedConnect } from './extendedConnect';
import { isRefusedBeforeLine, readHeaders } from './readHeaders';
import { checkRequestLine, readHttp1Target, type Http1Refusal } from './readHttp1Target';
import type { HeaderRefusal } from './headerRefusal';

export type HttpReading =
  | { readonly kind: 'request'; readonly request: HttpRequest; readonly bringsScheme: boolean }
  /** The codec answers, where the version of HTTP has an answer for it. */
  | { readonly kind: 'refused'; readonly response: EndingResponse }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** Takes the http layer off the connection's bytes; what is left is what the client says inside a tunnel. */
export function readHttp(hop: Hop, manager: ConfigNode): HttpReading {
  const layer = outerHttp(hop.connection);
  const missing = lostRule(manager, layer?.request);
  if (missing) return { kind: 'unknown', missing };
  if (!layer) return refuseBytes(hop, manager);
  const request = copyHttpRequest(layer.request);
  const version = layer.isFixed === true ? request.version : versionSpoken(hop, request);
  const wanted = codecOf(manager, hop, version);
  hop.record.protocol = wanted;
  if (wanted !== version) return refuseVersion(hop, manager, { version, wanted });
  request.version = version;
  // Whoever lets ALPN choose the version writes an upgrade as that version has it.
  if (layer.isFixed === false || layer.request.version !== version) writeExtendedConnect(request);
  // Blanks around a value belong to the line, not to the value.
  request.headers = request.headers.map(([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, '')]);
  hop.connection.layers = hop.connection.layers.slice(1);
  const target = request.path;
  const refused =
    version === 'http1'
      ? (refuseHttp1(hop, manager, isRefusedBeforeLine(request, manager) ? undefined : checkRequestLine(request, manager)) ??
        refuseHeaders(hop, request, manager) ??
        refuseHttp1(hop, manager, readHttp1Target(request, manager)))
      : (refuseHeaders(hop, request, manager) ?? readHttp2(hop, request, manager));
  if (refused) return { kind: 'refused', response: refused };
  addStep(hop, {
    stage: 'http_connection',
    decision: say`${request.method} ${request.authority}${words(request.path === '' ? '' : ' ')}${request.path === '' ? words('') : say`${request.path}`} is read`,
    because: say`the bytes are ${words(VERSION_NAMES[version])}`,
    at: manager,
  });
  return { kind: 'request', request, bringsScheme: version !== 'http1' || (request.method !== 'CONNECT' && request.path !== target) };
}

/** A rule of the codec that the file has lost, where it counts for these bytes. */
function lostRule(manager: ConfigNode, request: HttpRequest | undefined): Sentence | undefined {
  if (manager.string('codec_type') === KEPT_BACK)
    return words('which HTTP the connection manager speaks (codec_type), which the file keeps back');
  const options = manager.get('common_http_protocol_options');
  const suspect = request?.headers.find(([name]) => name.includes('_'))?.[0];
  if (suspect === undefined || !options || lostField(options, ['headers_with_underscores_action']) === undefined) return undefined;
  return say`what becomes of header ${suspect} (headers_with_underscores_action), which the file leaves out`;
}

type Version = HttpRequest['version'];

const VERSION_NAMES: Readonly<Record<Version, string>> = { http1: 'HTTP/1.1', http2: 'HTTP/2', http3: 'HTTP/3' };

/** A client that offered both protocols speaks the one that was agreed on. */
function versionSpoken({ connection }: Hop, { version }: HttpRequest): Version {
  const agreed = connection.tls?.negotiatedAlpn ?? '';
  const offered = connection.tls?.alpn ?? [];
  if (version === 'http1' && agreed === 'h2' && offered.includes('http/1.1')) return 'http2';
  if (version === 'http2' && agreed === 'http/1.1' && offered.includes('h2')) return 'http1';
  return version;
}

/** By itself the manager believes what ALPN agreed on, or the socket says, before it looks at the bytes (determineNextProtocol). */
function codecOf(manager: ConfigNode, { connection }: Hop, version: Version): Version {
  const fixed = fixedCodec(manager);
  if (fixed) return fixed;
  const agreed = connection.socketProtocol ?? connection.tls?.negotiatedAlpn ?? '';
  if (agreed === '' || version === 'http3') return version;
  return agreed === 'h2' ? 'http2' : 'http1';
}

/** Undefined for AUTO. */
function fixedCodec(manager: ConfigNode): Version | undefined {
  const type = manager.enumValue('codec_type', ['AUTO', 'HTTP1', 'HTTP2', 'HTTP3']);
  return type && CODECS[type];
}

const CODECS = { AUTO: undefined, HTTP1: 'http1', HTTP2: 'http2', HTTP3: 'http3' } as const;

/** TLS or other bytes where HTTP should be: only HTTP/1 has an answer for them. */
function refuseBytes(hop: Hop, manager: ConfigNode): HttpReading {
  const tls = outerTls(hop.connection);
  const codec = codecOf(manager, hop, 'http1');
  hop.record.protocol = codec;
  const because = tls
    ? words('the client speaks TLS, which this chain does not terminate')
    : hop.connection.layers[0]?.kind === 'proxy_header'
      ? words('the bytes begin with a PROXY protocol header, which no listener filter reads')
      : words('the bytes are not HTTP');
  if (codec !== 'http1') return refuse(hop, manager, { because, response: { flags: ['DPE'] } });
  // A TLS client cannot read the answer.
  const response = tls ? { flags: ['DPE'], details: 'http1.codec_error' } : CODEC_ERROR;
  return refuse(hop, manager, { because, response });
}

const CODEC_ERROR: EndingResponse = { code: 400, flags: ['DPE'], details: 'http1.codec_error', body: 'Bad Request' };

function refuseVersion(hop: Hop, manager: ConfigNode, { version, wanted }: { version: Version; wanted: Version }): HttpReading {
  const wish = fixedCodec(manager)
    ? words('codec_type wants')
    : say`ALPN agreed on ${hop.connection.tls?.negotiatedAlpn ?? ''}, which wants`;
  const because = say`the client speaks ${words(VERSION_NAMES[version])}, ${wish} ${words(VERSION_NAMES[wanted])}`;
  const response = wanted === 'http1' ? CODEC_ERROR : { flags: ['DPE'] };
  return refuse(hop, manager.get('codec_type') ?? manager, { because, response });
}

function refuse(hop: Hop, at: ConfigNode, { because, response }: { because: Sentence; response: EndingResponse }): HttpReading {
  addStep(hop, { stage: 'http_connection', decision: words('the HTTP codec refuses the bytes'), because, at });
  return { kind: 'refused', response };
}

/** HTTP/1 answers and closes; HTTP/2 resets the stream. */
function refuseHeaders(hop: Hop, request: HttpRequest, manager: ConfigNode): EndingResponse | undefined {
  const refusal = (request.version === 'http1' ? undefined : checkHttp2Lines(request, manager)) ?? readHeaders(request, manager);
  if (!refusal) return undefined;
  const { kind, because, at } = refusal;
  const isHttp1 = request.version === 'http1';
  addStep(hop, {
    stage: 'http_connection',
    decision: words(`the HTTP codec ${isHttp1 ? 'refuses the request' : 'resets the stream'}`),
    because,
    at,
  });
  const details = `${request.version}.${kind === 'too_large' && !isHttp1 ? 'header_list_size_too_large' : HEADER_DETAILS[kind]}`;
  if (!isHttp1) return { flags: [kind === 'field' ? 'DPE' : 'DR'], details };
  const [code, body] = HEADER_ANSWERS[kind] ?? [400, 'Bad Request'];
  return { code, flags: ['DPE'], details, body };
}

const HEADER_DETAILS: Readonly<Record<HeaderRefusal['kind'], string>> = {
  underscore: 'unexpected_underscore',
  too_many: 'too_many_headers',
  too_large: 'headers_too_large',
  connection: 'connection_header_rejected',
  field: 'invalid.header.field',
  characters: 'invalid_characters',
  syntax: 'codec_error',
  length_and_chunked: 'content_length_and_chunked_not_allowed',
  transfer_encoding: 'invalid_transfer_encoding',
  body: 'body_disallowed',
};

const TOO_LARGE = [431, 'Request Header Fields Too Large'] as const;

const HEADER_ANSWERS: Partial<Record<HeaderRefusal['kind'], readonly [code: number, body: string]>> = {
  too_many: TOO_LARGE,
  too_large: TOO_LARGE,
  transfer_encoding: [501, 'Not Implemented'],
};

function refuseHttp1(hop: Hop, manager: ConfigNode, refusal: Http1Refusal | undefined): EndingResponse | undefined {
  if (!refusal) return undefined;
  const { details, because } = refusal;
  addStep(hop, { stage: 'http_connection', decision: words('the HTTP codec refuses the request'), because, at: manager });
  return { ...CODEC_ERROR, details };
}

/** HTTP/2 and 3: a bad path resets the stream; an extended CONNECT becomes an upgrade, as Envoy's codecs make it. */
function readHttp2(hop: Hop, request: HttpRequest, manager: ConfigNode): EndingResponse | undefined {
  const protocol = extendedConnectProtocol(request);
  const resets = (because: Sentence, http2 = 'http2.violation.of.messaging.rule'): EndingResponse => {
    addStep(hop, { stage: 'http_connection', decision: words('the HTTP codec resets the stream'), because, at: manager });
    return { flags: ['DPE'], details: request.version === 'http3' ? 'http3.invalid_header_field' : http2 };
  };
  if (protocol !== undefined) {
    const options = manager.get(request.version === 'http3' ? 'http3_protocol_options' : 'http2_protocol_options');
    if (options?.bool('allow_connect') !== true && options?.bool('allow_extended_connect') !== true)
      return resets(words('extended CONNECT is not allowed here (allow_connect)'), 'http2.invalid.header.field');
    readExtendedConnect(request, protocol);
  }
  if (request.method === 'CONNECT') return undefined;
  if (request.authority === '') return resets(words('it has no authority'));
  const isFine = request.path.startsWith('/') || (request.path === '*' && request.method === 'OPTIONS');
  return isFine ? undefined : resets(say`the path ${request.path} begins with no slash`);
}
