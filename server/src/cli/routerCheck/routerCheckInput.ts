/** The `input` of a router_check_tool test: a request as the tool makes it (ToolConfig::create, applyDynamicMetadata). */
import type { ConfigNode } from '../../schema/configNode';
import { joinHeaderLines } from '../../trace/facts/joinedHeaders';
import type { HeaderList } from '../../trace/http/route/headerOptions';
import { mergeValue } from '../../trace/httpFilters/metadataWriter';
import type { BareRequest } from '../../trace/http/routeConfiguration/matchRouteConfiguration';
import { readFractionalPercent } from '../../trace/runtime/fractionalPercent';
import type { Fraction } from '../../trace/runtime/runtimeReading';

export interface CheckInput extends BareRequest {
  /** `additional_response_headers`: what the response has before the route changes it. */
  readonly responseHeaders: HeaderList;
}

export function readInput(input: ConfigNode | undefined): CheckInput {
  const scheme = input?.bool('ssl') === true ? 'https' : 'http';
  const internal = input?.bool('internal') === true;
  const added = readHeaders(input, 'additional_request_headers');
  const headers: HeaderList = [
    ['x-forwarded-proto', scheme],
    ...(internal ? [['x-envoy-internal', 'true'] as [string, string]] : []),
    ...added,
  ];
  const active = input?.string('runtime') ?? '';
  return {
    request: {
      version: 'http1',
      method: input?.string('method') ?? '',
      scheme,
      authority: input?.string('authority') ?? '',
      path: input?.string('path') ?? '',
      headers: joinHeaderLines(headers.filter(([name]) => !name.startsWith(':'))),
    },
    forwardedProto: scheme,
    internal: headers.some(([name, value]) => name === 'x-envoy-internal' && value === 'true'),
    random: input?.number('random_value') ?? 0,
    metadata: readMetadata(input?.list('dynamic_metadata') ?? []),
    readFraction: (node) => fractionOf(node, active),
    responseHeaders: readHeaders(input, 'additional_response_headers'),
  };
}

function readHeaders(input: ConfigNode | undefined, field: string): HeaderList {
  return input?.list(field).map((header): [string, string] => [header.string('key').toLowerCase(), header.string('value')]) ?? [];
}

/** The tool's runtime: a fraction holds only for the key that the test names, and 0 counts as 1 (runtimeMock, assignRuntimeFraction). */
function fractionOf(node: ConfigNode, active: string): Fraction {
  const runtimeKey = node.string('runtime_key');
  const { numerator, denominator } = readFractionalPercent(node.get('default_value'));
  const isOn = active !== '' && active === runtimeKey;
  return { numerator: isOn ? Math.max(numerator, 1) : 0, denominator, from: 'default', runtimeKey };
}

/** A namespace given again counts only with allow_overwrite, and is merged then. */
function readMetadata(entries: readonly ConfigNode[]): Map<string, unknown> {
  const metadata = new Map<string, unknown>();
  for (const entry of entries) {
    const namespace = entry.string('metadata_namespace');
    const value = entry.get('value')?.toValue();
    if (value === undefined) continue;
    if (!metadata.has(namespace)) metadata.set(namespace, value);
    else if (entry.bool('allow_overwrite') === true) metadata.set(namespace, mergeValue(metadata.get(namespace), value));
  }
  return metadata;
}
