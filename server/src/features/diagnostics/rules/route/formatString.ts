/** Format strings with a percent sign that begins no command operator (source/common/formatter/substitution_formatter.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { ROUTE, ROUTE_CONFIGURATION, TCP_PROXY, VIRTUAL_HOST } from '../../messageNames';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

/** `%COMMAND%`, `%COMMAND(parameters)%`, `%COMMAND(parameters):length%`. */
const COMMAND = /%[A-Z0-9_]+(?:\([^)]*\))?(?::\d+)?%/y;

const headers: CheckMessage = (owner) =>
  ['request_headers_to_add', 'response_headers_to_add'].flatMap((field) =>
    owner.list(field).map((option) => checkFormat(option.path('header', 'value'))),
  );

export const formatString = refusalRule('format-string', {
  [ROUTE_CONFIGURATION]: headers,
  [VIRTUAL_HOST]: headers,
  [ROUTE]: headers,
  'envoy.config.route.v3.WeightedCluster.ClusterWeight': headers,
  [`${TCP_PROXY}.TunnelingConfig`]: (tunnel) => [checkFormat(tunnel.get('hostname'))],
  'envoy.config.core.v3.SubstitutionFormatString': (format) => [
    checkFormat(format.get('text_format')),
    checkFormat(format.path('text_format_source', 'inline_string')),
  ],
});

function checkFormat(node: ConfigNode | undefined): Problem | undefined {
  const text = node?.asString();
  if (!node || text === undefined) return undefined;
  const wrong = firstWrongPercent(text);
  return wrong < 0
    ? undefined
    : errorAt(
        node,
        `Incorrect format: no valid command begins at position ${wrong} ("${text.slice(wrong, wrong + 20)}"). Write %% for a percent sign.`,
      );
}

/** Where a `%` begins no command; -1 where none does. */
function firstWrongPercent(text: string): number {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at)) {
    COMMAND.lastIndex = at;
    const command = COMMAND.exec(text);
    if (command) at += command[0].length;
    else if (text.charAt(at + 1) === '%') at += 2;
    else return at;
  }
  return -1;
}
