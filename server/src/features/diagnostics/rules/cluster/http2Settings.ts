/** HTTP/2 SETTINGS given twice, or that Envoy does not support (source/common/http/utility.cc validateCustomSettingsParameters). */
import type { ConfigNode } from '../../../../schema/configNode';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

/** Settings that have fields of their own. */
const NAMED: ReadonlyMap<number, string> = new Map([
  [1, 'hpack_table_size'],
  [3, 'max_concurrent_streams'],
  [4, 'initial_stream_window_size'],
]);
const ENABLE_PUSH = 2;
const ENABLE_CONNECT = 8;

export const http2Settings = refusalRule('http2-settings', {
  'envoy.config.core.v3.Http2ProtocolOptions': (options) => {
    const values = new Map<number, number>();
    return options.list('custom_settings_parameters').map((parameter) => checkParameter(options, parameter, values));
  },
});

function checkParameter(options: ConfigNode, parameter: ConfigNode, values: Map<number, number>): Problem | undefined {
  const identifier = parameter.number('identifier');
  const value = parameter.number('value') ?? 0;
  if (identifier === undefined) return undefined;
  const named = NAMED.get(identifier);
  if (identifier === ENABLE_CONNECT)
    return errorAt(parameter, 'The HTTP/2 setting "allow_connect" must only be configured through its field.');
  if (named !== undefined && options.has(named))
    return errorAt(parameter, `The HTTP/2 setting "${named}" cannot be configured through both its field and a custom parameter.`);
  if (identifier === ENABLE_PUSH && value === 1) return errorAt(parameter, 'Server push is not supported by Envoy and cannot be enabled.');
  const known = values.get(identifier);
  values.set(identifier, known ?? value);
  return known !== undefined && known !== value ? errorAt(parameter, `The HTTP/2 setting ${identifier} is given two values.`) : undefined;
}
