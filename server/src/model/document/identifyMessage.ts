/** Which message an object at the top of a document is. */
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { upgradeMessageName } from '../../schema/table/typeUrl';
import { guessMessage } from './guessMessage';

/** The message of an object by `@type`, else by its members; `body` holds its fields. */
export function identifyMessage(node: ConfigNode): { message: string | undefined; body: ConfigNode } {
  if (node.entry('@type')) {
    const typed = readTyped(node);
    if (typed.type !== '') return { message: adminName(typed.type), body: typed.node };
  }
  if (node.has('resources') && (node.get('resources')?.isArray ?? false))
    return { message: 'envoy.service.discovery.v3.DiscoveryResponse', body: node };
  return { message: guessMessage(node), body: node };
}

/** `envoy.admin.v2alpha.X` of old dumps is `envoy.admin.v3.X`. */
function adminName(name: string): string {
  return upgradeMessageName(name).replace(/^envoy\.admin\.v2alpha\./, 'envoy.admin.v3.');
}

/** A message that has a whole proxy, or what was delivered to one. */
export function isWhole(message: string): boolean {
  return (
    message.startsWith('envoy.admin.v3.') ||
    message === 'envoy.config.bootstrap.v3.Bootstrap' ||
    message === 'envoy.service.discovery.v3.DiscoveryResponse'
  );
}
