/** Taps that Envoy refuses, or that end it (source/extensions/common/tap). */
import type { ConfigNode } from '../../../../schema/configNode';
import { BOOTSTRAP } from '../../messageNames';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

export const tapSettings: Readonly<Record<string, CheckMessage>> = {
  'envoy.config.tap.v3.OutputSink': (sink) => [needsAdmin(sink, 'streaming_admin'), needsAdmin(sink, 'buffered_admin')],
  'envoy.extensions.common.tap.v3.CommonExtensionConfig': (tap, { messages }) => [needsAddress(tap, messages(BOOTSTRAP)[0])],
};

/** The sinks of the admin interface serve taps that are started there (tap_config_base.cc). */
function needsAdmin(sink: ConfigNode, name: string): Problem | undefined {
  const output = sink.get(name);
  const config = sink.parent?.parent?.parent;
  return output && config?.isField('static_config')
    ? errorAt(output, `"${name}" needs a tap that is configured through the admin interface ("admin_config").`)
    : undefined;
}

/** Whether there is an admin interface is not looked at (extension_config_base.cc; Envoy 1.40 crashes, as observed). */
function needsAddress(tap: ConfigNode, bootstrap: ConfigNode | undefined): Problem | undefined {
  const config = tap.get('admin_config');
  const admin = bootstrap?.get('admin');
  if (!config || !bootstrap || bootstrap.isIncomplete || admin?.isIncomplete || admin?.has('address')) return undefined;
  return errorAt(
    config,
    'Envoy crashes: a tap that is started through the admin interface needs one, an "address" in the "admin" of the bootstrap.',
  );
}
