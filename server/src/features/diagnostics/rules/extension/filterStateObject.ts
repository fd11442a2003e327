/** Objects of filter state that Envoy can make (StreamInfo::FilterState::ObjectFactory). */
import { FILTER_STATE_KEYS } from '../../../../model/filterStateKeys';
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

/** A key for which no object can be made, without a factory that could. */
export function checkObject(value: ConfigNode): Problem | undefined {
  const at = value.get('factory_key') ?? value.get('object_key');
  const name = at?.asString() ?? '';
  // Istio's proxy has objects of its own.
  return at && name !== '' && !(name in FILTER_STATE_KEYS) && !name.startsWith('io.istio.')
    ? errorAt(at, `No object of filter state can be made for "${name.slice(0, 80)}": set a "factory_key" such as envoy.string.`)
    : undefined;
}
