/** Settings of the filters for models and their tools that Envoy refuses (source/extensions/filters/http; each asked of Envoy 1.40). */
import type { ConfigNode } from '../../../../schema/configNode';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { isGiven, repeatedItems } from '../../settingChecks';

const HTTP = 'envoy.extensions.filters.http';

export const aiFilterSettings: Readonly<Record<string, CheckMessage>> = {
  [`${HTTP}.ai_protocol_manager.v3.AiProtocolManager`]: (config) => {
    const filters = isGiven(config, 'filters');
    return [
      filters && !config.has('request_handling') && !config.isIncomplete
        ? errorAt(filters, 'AI filters need "request_handling".')
        : undefined,
    ];
  },
  'envoy.extensions.http.ai_filters.transcoder.v3.Transcoder': (transcoder) => [
    transcoder.isIncomplete ||
    ['request_handling', 'response_handling'].some((field) => !transcoder.isEnum(field, 'DIRECTION_UNSPECIFIED', 0))
      ? undefined
      : errorAt(transcoder, 'At least one of "request_handling" and "response_handling" must be set.'),
  ],
  [`${HTTP}.mcp_json_rest_bridge.v3.ServerToolConfig`]: (config) => [
    toolList(config.get('tool_list_http_rule')),
    ...repeatedItems(
      config.list('tools'),
      (tool) => tool.string('name'),
      (name) => `Duplicate tool name: "${name}".`,
    ),
  ],
};

function toolList(rule: ConfigNode | undefined): Problem | undefined {
  const isOther = rule && ['put', 'post', 'delete', 'patch', 'body'].some((field) => rule.string(field) !== '');
  return rule && !rule.isIncomplete && (rule.string('get') === '' || isOther)
    ? errorAt(rule, '"tool_list_http_rule" must be a GET request with an empty body.')
    : undefined;
}
