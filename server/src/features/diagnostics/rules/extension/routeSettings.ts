/** Settings of a filter for a route in the place of its own configuration (source/common/config/utility.cc translateOpaqueConfig, http/…/factory_base.h). */
import type { ConfigNode } from '../../../../schema/configNode';
import { isRouteSettings, typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import { enumType, findFieldOfKey, messageType, type MessageType } from '../../../../schema/table/messageType';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { missingOf } from '../schema/missingField';
import type { Field } from '../../../../schema/table/messageDescription';

/** Envoy takes a message without bytes for one of any type, and fills in nothing: what its own then lacks is refused. */
export function refuseRouteSettings(settings: ConfigNode, type: string, at: ConfigNode): Problem | undefined {
  const given = messageType(type);
  const hasBytes = settings.entries().some(([key, value]) => key !== '@type' && isWritten(value, given && findFieldOfKey(given, key)));
  if (hasBytes) return errorAt(at, `"${type}" are settings for a route: here the filter's own configuration is expected.`);
  const own = ownTypeOf(type);
  const [missing] = own ? missingOf(own, []) : [];
  return missing === undefined ? undefined : errorAt(at, `The filter's own configuration is expected: ${missing}.`);
}

/** The filter's own configuration beside its settings for a route. */
function ownTypeOf(routeSettings: string): MessageType | undefined {
  const scope = routeSettings.slice(0, routeSettings.lastIndexOf('.') + 1);
  const own = [...typesOfCategory('filters.http')].find((type) => type.startsWith(scope) && !isRouteSettings(type));
  return own === undefined ? undefined : messageType(own);
}

/** Lists without items, `null`, and defaults outside of a oneof leave no bytes. */
function isWritten(value: ConfigNode, field: Field | undefined): boolean {
  if (!field) return true;
  if (field.repeated || field.mapKey !== undefined) return value.entries().length + value.items().length > 0;
  const scalar = value.tree.scalar(value.id);
  if (scalar === null) return false;
  if (field.type === 'message' || field.oneof !== undefined) return true;
  const zero = field.enumName === undefined ? undefined : enumType(field.enumName)?.values.find(({ number }) => number === 0)?.name;
  return ![zero, '', '0', 'false'].includes(String(scalar));
}
