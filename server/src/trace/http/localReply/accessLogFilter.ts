/** `accesslog.v3.AccessLogFilter` as mappers of local replies ask it (Envoy: source/common/access_log/access_log_impl.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { followPath } from '../../matcher/inputs/httpInputs';
import { NotKnown } from '../../facts/notKnown';
import { evaluateCelText } from '../../matcher/cel/testCelMatcher';
import { matchContextOf } from '../../matcher/matchContext';
import { testMetadata } from '../../matcher/metadataMatcher';
import type { Hop } from '../../hop';
import { drawFraction } from '../../runtime/drawFraction';
import { readFractionalPercent } from '../../runtime/fractionalPercent';
import { runtimeNumber } from '../../runtime/readRuntime';
import { grpcStatusOf } from './grpcStatus';
import { testHeader } from '../routeMatch/headerMatcher';
import type { Verdict } from '../../verdict';
import type { LocalReply } from './replyParts';

export interface FilterContext {
  readonly hop: Hop;
  readonly reply: LocalReply;
}

type Test = (filter: ConfigNode, context: FilterContext) => boolean | undefined;

const TESTS: Readonly<Record<string, Test>> = {
  status_code_filter: (filter, { hop, reply }) => compare(hop, filter.get('comparison'), reply.code),
  duration_filter: testDuration,
  response_flag_filter: (filter, { reply }) => testFlags(filter, reply),
  header_filter: (filter, { hop }) => testHeaderOf(filter.get('header'), hop),
  and_filter: (filter, context) => joinTests(testAll(filter, context), false),
  or_filter: (filter, context) => joinTests(testAll(filter, context), true),
  not_health_check_filter: (_, { reply }) => !reply.details.startsWith('health_check'),
  // Without tracing nothing is traced by force.
  traceable_filter: (_, { hop }) => (hop.http?.manager.has('tracing') === true ? undefined : false),
  runtime_filter: testRuntime,
  grpc_status_filter: testGrpcStatus,
  metadata_filter: (filter, { hop }) => testMetadataOf(filter, hop),
  extension_filter: testExtension,
  log_type_filter: testLogType,
};

/** Undefined: cannot be known. */
export function testAccessLogFilter(filter: ConfigNode | undefined, context: FilterContext): boolean | undefined {
  if (!filter) return true;
  for (const [field, test] of Object.entries(TESTS)) {
    const given = filter.get(field);
    if (given) return test(given, context);
  }
  return undefined;
}

function testAll(filter: ConfigNode, context: FilterContext): (boolean | undefined)[] {
  return filter.list('filters').map((each) => testAccessLogFilter(each, context));
}

function isYes(verdict: Verdict): boolean | undefined {
  return verdict.kind === 'unknown' ? undefined : verdict.kind === 'yes';
}

function testHeaderOf(matcher: ConfigNode | undefined, { http }: Hop): boolean | undefined {
  return matcher && http ? isYes(testHeader(matcher, http.request)) : undefined;
}

/** A share between nothing and all is drawn by the request's id. */
function testRuntime(filter: ConfigNode, { hop }: FilterContext): boolean {
  const { numerator, denominator } = readFractionalPercent(filter.get('percent_sampled'));
  const share = runtimeNumber(hop, filter.string('runtime_key'), numerator);
  return drawFraction(hop, {
    numerator: share,
    denominator,
    hit: 'runtime_filter samples the request',
    miss: 'runtime_filter does not sample the request',
    at: filter,
  });
}

/** How many milliseconds the request has taken is not known, but they are not less than none. */
function testDuration(filter: ConfigNode, { hop }: FilterContext): boolean | undefined {
  const comparison = filter.get('comparison');
  const isAtLeast = comparison?.isEnum('op', 'GE', 1) === true;
  return isAtLeast && compare(hop, comparison, 0) === true ? true : undefined;
}

/** A local reply is no entry of a log: its type is NotSet. */
function testLogType(filter: ConfigNode): boolean {
  const isListed = filter.list('types').some((type) => ['NotSet', '0'].includes(type.asString() ?? String(type.asNumber())));
  return isListed !== (filter.bool('exclude') === true);
}

const STATUSES: readonly string[] = (
  'OK CANCELED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED ' +
  'OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'
).split(' ');

/** By the code of HTTP: the answer is not put together yet. */
function testGrpcStatus(filter: ConfigNode, { reply }: FilterContext): boolean {
  const status = grpcStatusOf(reply.code);
  const isListed = filter.list('statuses').some((each) => (each.asNumber() ?? STATUSES.indexOf(each.asString() ?? '')) === status);
  return isListed !== (filter.bool('exclude') === true);
}

const EXPRESSION = 'envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter';

/** An expression that fails, or gives no boolean, does not hold (Envoy: access_loggers/filters/cel/cel.cc). */
function testExtension(filter: ConfigNode, { hop }: FilterContext): boolean | undefined {
  const typed = filter.typed();
  if (typed?.type !== EXPRESSION) return undefined;
  const result = evaluateCelText(typed.node.string('expression'), matchContextOf(hop));
  return result.kind === 'unknown' ? undefined : result.kind === 'value' && result.value === true;
}

/** Without the key: `match_if_key_not_found`, by default yes. */
function testMetadataOf(filter: ConfigNode, { http }: Hop): boolean | undefined {
  const matcher = filter.get('matcher');
  const path = matcher?.list('path').map((segment) => segment.string('key')) ?? [];
  const value = matcher && followPath(http?.metadata.get(matcher.string('filter')), path);
  if (value instanceof NotKnown) return undefined;
  if (!matcher || !http || value === undefined) return filter.bool('match_if_key_not_found') !== false;
  return isYes(testMetadata(matcher, http.metadata));
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
  switch (comparison ? comparison.enumValue('op', ['EQ', 'GE', 'LE', 'NE']) : 'EQ') {
    case 'EQ':
      return code === limit;
    case 'GE':
      return code >= limit;
    case 'LE':
      return code <= limit;
    case 'NE':
      return code !== limit;
    default:
      return undefined;
  }
}
