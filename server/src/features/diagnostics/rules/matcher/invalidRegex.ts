/** A regular expression that RE2 refuses, or that is too large for Envoy, or one whose case is to be ignored (source/common/common/matchers.h). */
import type { ConfigNode } from '../../../../schema/configNode';
import type { ProxyScope } from '../../../../index/proxyScope';
import { compileRegex } from '../../../../trace/matcher/regex';
import { programSizeAtLeast } from '../../../../trace/matcher/regexProgram';
import { refusalRule } from '../../messageRule';
import { staticNumber } from '../../staticRuntime';
import { ruleErrorAt } from '../../typesAbove';
import type { Problem } from '../../rule';

export const invalidRegex = refusalRule('invalid-regex', {
  'envoy.type.matcher.v3.RegexMatcher': (matcher, { proxy }) => [checkRegex(matcher.get('regex')) ?? checkSize(matcher, proxy)],
  'xds.type.matcher.v3.RegexMatcher': (matcher) => [checkRegex(matcher.get('regex'))],
  'envoy.type.matcher.v3.StringMatcher': (matcher) => [ignoredCase(matcher)],
  'xds.type.matcher.v3.StringMatcher': (matcher) => [ignoredCase(matcher)],
});

function checkRegex(node: ConfigNode | undefined): Problem | undefined {
  const text = node?.asString();
  if (!node || text === undefined) return undefined;
  const compiled = compileRegex(text);
  return compiled.kind === 'invalid' ? ruleErrorAt(node, `RE2 refuses this regular expression: ${compiled.message}.`) : undefined;
}

const SIZE_LIMIT = 're2.max_program_size.error_level';
const STANDARD_LIMIT = 100;

/** Only of what is surely too large: how large RE2 makes a program exactly is its own affair (source/common/common/regex.cc). */
function checkSize(matcher: ConfigNode, proxy: ProxyScope | undefined): Problem | undefined {
  const regex = matcher.get('regex');
  const text = regex?.asString();
  const limit = sizeLimit(matcher, proxy);
  if (!regex || text === undefined || limit === undefined) return undefined;
  const size = programSizeAtLeast(compileRegex(text));
  if (size <= limit) return undefined;
  const remedy = matcher.path('google_re2', 'max_program_size') ? '' : `; the runtime key ${SIZE_LIMIT} sets another limit`;
  return ruleErrorAt(
    regex,
    `The program of this regular expression has a size of at least ${size}: Envoy takes no more than ${limit}${remedy}.`,
  );
}

/** Undefined where the bootstrap, or a layer of the runtime that comes from elsewhere, may set another one. */
function sizeLimit(matcher: ConfigNode, proxy: ProxyScope | undefined): number | undefined {
  const own = matcher.get('google_re2')?.number('max_program_size');
  if (own !== undefined) return own;
  const bootstrap = proxy?.bootstrap;
  if (!bootstrap) return undefined;
  const engine = bootstrap.get('default_regex_engine');
  const isGoogles = !engine || engine.typed()?.type === 'envoy.extensions.regex_engines.v3.GoogleRE2';
  const layers = bootstrap.get('layered_runtime')?.list('layers') ?? [];
  const isKnown = layers.every((layer) => !layer.has('disk_layer') && !layer.has('rtds_layer'));
  return isGoogles && isKnown ? staticNumber(proxy, SIZE_LIMIT, STANDARD_LIMIT) : undefined;
}

function ignoredCase(matcher: ConfigNode): Problem | undefined {
  const ignores = matcher.get('ignore_case');
  return ignores?.asBoolean() && matcher.has('safe_regex')
    ? ruleErrorAt(ignores, '"ignore_case" has no effect on a regular expression: write (?i) in it.')
    : undefined;
}
