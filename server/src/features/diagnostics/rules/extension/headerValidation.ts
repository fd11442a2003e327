/** Header validators, which the standard Envoy is built without (http_connection_manager/config.cc and upstreams/http/config.cc createHeaderValidatorFactory; asked of Envoy 1.40). */
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER, HTTP_OPTIONS } from '../../messageNames';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const headerValidation: Readonly<Record<string, CheckMessage>> = {
  [HTTP_CONNECTION_MANAGER]: (manager) => [unsupported(manager.get('typed_header_validation_config'))],
  [HTTP_OPTIONS]: (options) => [unsupported(options.get('header_validation_config'))],
};

function unsupported(validator: ConfigNode | undefined): Problem | undefined {
  return validator && errorAt(validator, 'The standard Envoy does not support header validators: it is built without them.');
}
