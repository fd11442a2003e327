/** Internal listeners: they need their bootstrap extension, and have none of the features of sockets. */
import type { ConfigNode } from '../../../../schema/configNode';
import { addToList } from '../../../writing/textChanges';
import { BOOTSTRAP, LISTENER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt, keySpanOf } from '../../problem';
import type { Problem, ProblemFix, RuleContext } from '../../rule';

const EXTENSION = 'envoy.extensions.bootstrap.internal_listener.v3.InternalListener';
/** listener_impl.cc: "has unsupported tcp listener feature". */
const SOCKET_FEATURES = [
  'transparent',
  'freebind',
  'tcp_backlog_size',
  'tcp_fast_open_queue_length',
  'enable_reuse_port',
  'connection_balance_config',
  'enable_mptcp',
];

export const internalListener = refusalRule('internal-listener', {
  [LISTENER]: (listener, context) => {
    const internal = listener.get('internal_listener');
    if (!internal) return [];
    return [...unsupportedFeatures(listener), missingExtension(listener, internal, context)];
  },
});

function unsupportedFeatures(listener: ConfigNode): (Problem | undefined)[] {
  const api = listener.get('api_listener');
  const address = listener.get('address') ?? listener.list('additional_addresses')[0];
  const options = listener.list('socket_options')[0];
  return [
    api && errorAt(api, '"api_listener" and "internal_listener" cannot be both set.'),
    address && errorAt(address, 'An internal listener has no address.'),
    options && errorAt(options, 'An internal listener does not support socket options.'),
    ...SOCKET_FEATURES.map((name) => {
      const feature = listener.get(name);
      const span = feature && keySpanOf(feature);
      return feature && feature.asBoolean() !== false
        ? errorAt(feature, `An internal listener does not support "${name}".`, span ? { span } : {})
        : undefined;
    }),
  ];
}

function missingExtension(listener: ConfigNode, internal: ConfigNode, { proxy, messages }: RuleContext): Problem | undefined {
  const bootstrap = proxy?.bootstrap ?? messages(BOOTSTRAP)[0];
  if (!bootstrap || bootstrap.isIncomplete) return undefined;
  const extensions = bootstrap.list('bootstrap_extensions');
  if (extensions.some((extension) => extension.typed()?.type === EXTENSION)) return undefined;
  return errorAt(
    internal,
    `The internal listener "${listener.string('name')}" needs the bootstrap extension "envoy.bootstrap.internal_listener" in "bootstrap_extensions".`,
    { fix: () => addExtension(bootstrap) },
  );
}

function addExtension(bootstrap: ConfigNode): ProblemFix | undefined {
  const name = 'envoy.bootstrap.internal_listener';
  const value = { name, typed_config: { '@type': `type.googleapis.com/${EXTENSION}` } };
  const changes = addToList(bootstrap, 'bootstrap_extensions', value, 'end');
  return changes && { title: `Add "${name}"`, changes };
}
