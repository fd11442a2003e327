/** Source addresses of upstream connections (source/common/upstream/upstream_impl.cc). */
import { canonicalIp } from '../../../../model/address';
import type { ConfigNode } from '../../../../schema/configNode';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const bindConfig = refusalRule('bind-config', {
  'envoy.config.core.v3.BindConfig': (config) => {
    const extra = config.list('extra_source_addresses');
    const additional = config.list('additional_source_addresses');
    const at = config.get('additional_source_addresses') ?? config;
    const more = [...extra, ...additional][1];
    const first = [...extra, ...additional][0];
    return [
      first && !config.has('source_address') && !config.isIncomplete
        ? errorAt(first, 'Extra source addresses cannot be specified without a "source_address".')
        : undefined,
      extra.length > 0 && additional.length > 0
        ? errorAt(at, 'Only one of "extra_source_addresses" and "additional_source_addresses" can be specified.')
        : undefined,
      more && (extra.length === 0 || additional.length === 0)
        ? errorAt(more, 'More than one extra source address is not supported.')
        : undefined,
      sameVersion(config.get('source_address'), first && (first.get('address')?.isObject ? first.get('address') : first)),
      checkIp(config.get('source_address')),
      namedPort(config.get('source_address')),
      resolver(config.get('source_address')),
    ];
  },
});

/** default_local_address_selector_factory.cc: one address of each IP version. */
function sameVersion(source: ConfigNode | undefined, extra: ConfigNode | undefined): Problem | undefined {
  const versions = [source, extra].map((each) => canonicalIp(each?.string('address') ?? '')?.includes(':'));
  return extra && versions[0] !== undefined && versions[0] === versions[1]
    ? errorAt(extra, 'Two source addresses of the same IP version: they must be of different versions.')
    : undefined;
}

function namedPort(address: ConfigNode | undefined): Problem | undefined {
  const port = address?.get('named_port');
  return port && errorAt(port, "Envoy's IP resolver cannot handle a named port here: give a number.");
}

/** Envoy has a resolver for IP addresses, and no other (resolver_impl.cc). */
function resolver(address: ConfigNode | undefined): Problem | undefined {
  const name = address?.get('resolver_name');
  const text = name?.asString() ?? '';
  return name && text !== '' && text !== 'envoy.ip' ? errorAt(name, `Unknown address resolver: "${text.slice(0, 80)}".`) : undefined;
}

function checkIp(address: ConfigNode | undefined): Problem | undefined {
  const text = address?.get('address');
  const value = text?.asString() ?? '';
  return text && value !== '' && canonicalIp(value) === undefined
    ? errorAt(text, `Malformed IP address: "${value.slice(0, 80)}".`)
    : undefined;
}
