/** `envoy.type.v3.HttpStatus`: a dump writes the code as the enum's name, people as a number. */
import { enumType, enumValueNamed } from '../../schema/table/messageType';
import type { ConfigNode } from '../../schema/configNode';

/** The number of `code`. Example: `TooManyRequests` and `429` are 429. Undefined where none is given. */
export function statusCodeOf(status: ConfigNode | undefined): number | undefined {
  const code = status?.get('code');
  return code?.asNumber() ?? enumValueNamed(enumType('envoy.type.v3.StatusCode'), code?.asString() ?? '')?.number;
}
