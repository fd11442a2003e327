/** `local_reply_config`: the first mapper whose filter fits changes code, body and headers (Envoy: source/common/local_reply/local_reply.cc). */
import type { ConfigNode } from '../../schema/configNode';
import { formatReplyBody } from './formatReplyBody';
import { addStep, type Hop } from '../hop';
import { say, words } from '../record/sentence';
import type { LocalReply } from './localReply';
import { testHeader } from './routeMatch/headerMatcher';
import { changeResponseHeaders } from './route/changeResponseHeaders';
import { runtimeNumber } from '../runtime/readRuntime';

/** The reply after the manager's mappers and body format. What cannot be known (other filters, JSON bodies) is left out and said. */
export function applyLocalReplyMappers(hop: Hop, reply: LocalReply): LocalReply {
  const { http } = hop;
  const config = http?.manager.get('local_reply_config');
  if (!config) return reply;
  if (http?.answer) http.answer = { ...http.answer, hasCode: true };
  let changed: LocalReply = reply;
  let format = config.get('body_format');
  for (const mapper of config.list('mappers')) {
    const fits = testFilter(mapper.get('filter'), { hop, reply });
    if (fits === undefined) {
      addStep(hop, {
        stage: 'http_connection',
        decision: say`a local reply mapper may change the answer`,
        because: words('its filter asks for what is not known before'),
        at: mapper,
      });
      break;
    }
    if (!fits) continue;
    changed = mapReply(hop, mapper, changed);
    format = mapper.get('body_format_override') ?? format;
    break;
  }
  return format ? withBody(hop, format, changed) : changed;
}

function mapReply(hop: Hop, mapper: ConfigNode, reply: LocalReply): LocalReply {
  const body = mapper.path('body', 'inline_string')?.asString();
  changeResponseHeaders(hop, [mapper], { add: 'headers_to_add', isLocal: true });
  const code = mapper.number('status_code') ?? reply.code;
  addStep(hop, {
    stage: 'http_connection',
    decision: say`the answer becomes ${code}`,
    because: words('a local reply mapper fits it'),
    at: mapper,
  });
  return { ...reply, code, ...(body !== undefined && { body }) };
}

function withBody(hop: Hop, format: ConfigNode, reply: LocalReply): LocalReply {
  return { ...reply, body: formatReplyBody(hop, format, reply) };
}

interface FilterContext {
  readonly hop: Hop;
  readonly reply: LocalReply;
}

/** `accesslog.v3.AccessLogFilter`; undefined: cannot be known. */
function testFilter(filter: ConfigNode | undefined, context: FilterContext): boolean | undefined {
  if (!filter) return true;
  const status = filter.get('status_code_filter');
  if (status) return compare(context.hop, status.get('comparison'), context.reply.code);
  const flags = filter.get('response_flag_filter');
  if (flags) return testFlags(flags, context.reply);
  const header = filter.path('header_filter', 'header');
  if (header && context.hop.http) {
    const verdict = testHeader(header, context.hop.http.request);
    return verdict.kind === 'unknown' ? undefined : verdict.kind === 'yes';
  }
  const and = filter.get('and_filter');
  if (and)
    return joinTests(
      and.list('filters').map((each) => testFilter(each, context)),
      false,
    );
  const or = filter.get('or_filter');
  if (or)
    return joinTests(
      or.list('filters').map((each) => testFilter(each, context)),
      true,
    );
  return undefined;
}

/** `decisive` settles the whole; else an unknown leaves it open. */
function joinTests(tests: readonly (boolean | undefined)[], decisive: boolean): boolean | undefined {
  if (tests.includes(decisive)) return decisive;
  return tests.includes(undefined) ? undefined : !decisive;
}

function testFlags(filter: ConfigNode, { flags = [] }: LocalReply): boolean {
  const wanted = filter.list('flags').map((flag) => flag.asString());
  return wanted.length === 0 ? flags.length > 0 : flags.some((flag) => wanted.includes(flag));
}

function compare(hop: Hop, comparison: ConfigNode | undefined, code: number): boolean | undefined {
  const value = comparison?.get('value');
  const limit = runtimeNumber(hop, value?.string('runtime_key') ?? '', value?.number('default_value') ?? 0);
  switch (comparison?.string('op') || 'EQ') {
    case 'EQ':
    case '0':
      return code === limit;
    case 'GE':
    case '1':
      return code >= limit;
    case 'LE':
    case '2':
      return code <= limit;
    case 'NE':
    case '3':
      return code !== limit;
    default:
      return undefined;
  }
}
