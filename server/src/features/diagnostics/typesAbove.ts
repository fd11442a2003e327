/** In which extensions a message stands. */
import { readTyped, type ConfigNode } from '../../schema/configNode';
import { errorAt, warningAt } from './problem';
import type { Problem } from './rule';

/** The types of the messages around a node that name their type, from the inside out. */
export function typesAbove(node: ConfigNode): string[] {
  const types: string[] = [];
  for (let at: ConfigNode | undefined = node; at; at = at.parent) if (at.isObject && at.entry('@type')) types.push(readTyped(at).type);
  return types;
}

/**
 * Messages in extensions that Envoy reads without the validation rules of the API (observed with Envoy 1.40): load balancing policies,
 * the core's own health checks as an extension, that of datagrams, priorities of retries (made with a request), caches of files, SPIFFE's trust domains,
 * the resolver c-ares, and what picks transport sockets.
 */
export function isUnvalidated(node: ConfigNode): boolean {
  const type = typesAbove(node)[0] ?? '';
  return UNVALIDATED.test(type) || isSourceOfExtension(node);
}

/** Of where an extension is discovered from: its rule is written for another kind of field, so only what Envoy uses at once is checked. */
function isSourceOfExtension(node: ConfigNode): boolean {
  let isLeftOut = false;
  for (let at: ConfigNode | undefined = node; at; at = at.parent) {
    isLeftOut ||= at.isField('resource_api_version', 'request_timeout', 'watched_directory', 'authorities', 'poll_interval');
    if (at.isField('config_source') && at.parent?.isField('config_discovery')) return isLeftOut;
  }
  return false;
}

const UNVALIDATED =
  /^envoy\.(?:watchdog\.|extensions\.(?:watchdog\.|internal_redirect\.|load_balancing_policies\.(?!override_host\.|load_aware_locality\.)|retry\.(?:priority|host)\.|health_checkers\.udp\.|http\.cache\.file_system_http_cache\.|transport_sockets\.tls\.v3\.SPIFFE|network\.dns_resolver\.cares\.|matching\.common_inputs\.transport_socket\.)|config\.core\.v3\.HealthCheck\.)/;

/**
 * An error; a warning in the rules of an RBAC filter that has a matcher besides: Envoy uses that, and leaves the rules unread
 * (source/extensions/filters/common/rbac/utility.h createEngine).
 */
export function ruleErrorAt(at: ConfigNode, message: string): Problem {
  for (let node: ConfigNode | undefined = at; node; node = node.parent)
    if ((node.isField('rules') && node.parent?.has('matcher')) || (node.isField('shadow_rules') && node.parent?.has('shadow_matcher')))
      return warningAt(at, message);
  return errorAt(at, message);
}

/** What breaks a validation rule of the API: an error where Envoy checks it. */
export function refusalAt(at: ConfigNode, message: string): Problem {
  return isUnvalidated(at) ? warningAt(at, message) : errorAt(at, message);
}
