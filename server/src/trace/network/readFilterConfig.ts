/** The configuration of a listener or network filter: written in place, in the old untyped form, or delivered by ECDS. */
import type { ProxyScope } from '../../index/proxyScope';
import { messageOfExtensionName } from '../../schema/walk/messagePlan';
import { readTyped, type ConfigNode, type TypedConfig } from '../../schema/configNode';

export type FilterConfig =
  | { readonly kind: 'config'; readonly config: TypedConfig; readonly source: 'inline' | 'discovery' | 'default' }
  /** To come by ECDS (`config_discovery`), and no file has it. */
  | { readonly kind: 'undelivered'; readonly at: ConfigNode };

/** Reads `typed_config`, else `config` under an old name, else the discovered one, else its `default_config`. */
export function readFilterConfig(filter: ConfigNode, proxy: ProxyScope): FilterConfig {
  const discovery = filter.get('config_discovery');
  if (discovery) return readDiscovered(filter, discovery, proxy);
  const typed = filter.typed();
  if (typed && typed.type !== '') return { kind: 'config', config: typed, source: 'inline' };
  const type = messageOfExtensionName(filter.string('name'));
  return { kind: 'config', config: { type, node: typed?.node ?? filter.get('config') ?? filter }, source: 'inline' };
}

function readDiscovered(filter: ConfigNode, discovery: ConfigNode, proxy: ProxyScope): FilterConfig {
  const delivered = proxy.byName.extension_config.get(filter.string('name'))?.node.typed();
  if (delivered) return { kind: 'config', config: delivered, source: 'discovery' };
  const fallback = discovery.get('default_config');
  return fallback ? { kind: 'config', config: readTyped(fallback), source: 'default' } : { kind: 'undelivered', at: discovery };
}
