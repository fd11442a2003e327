/** Settings of Wasm plugins that Envoy refuses (source/extensions/common/wasm/plugin.cc, wasm.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { decodeBase64 } from '../../../../text/encoding';
import type { CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { exclusive } from '../../settingChecks';

const WASM = 'envoy.extensions.wasm.v3';

export const wasmSettings: Readonly<Record<string, CheckMessage>> = {
  [`${WASM}.PluginConfig`]: (plugin) => [exclusive(plugin, 'fail_open', 'failure_policy')],
  [`${WASM}.VmConfig`]: (machine) => [noModule(machine)],
  [`${WASM}.EnvironmentVariables`]: (variables) => {
    const values = variables.map('key_values');
    return variables.list('host_env_keys').map((key, index, keys) => {
      const isTwice =
        keys.findIndex((other) => other.asString() === key.asString()) < index || values.some(([name]) => name === key.asString());
      return isTwice ? errorAt(key, `The key "${key.asString() ?? ''}" is duplicated: all keys must be unique.`) : undefined;
    });
  },
};

/** The four bytes with which every module begins (WebAssembly core specification, 5.5.16). */
const MAGIC = '\0asm';

/** Code that stands in the configuration and is none. A machine of the null runtime names a plugin in place of it. */
function noModule(machine: ConfigNode): Problem | undefined {
  if (!/^(?:|envoy\.wasm\.runtime\.v8)$/.test(machine.string('runtime'))) return undefined;
  const source = machine.path('code', 'local');
  const bytes = source?.get('inline_bytes');
  const at = bytes ?? source?.get('inline_string');
  const decoded = bytes && decodeBase64(bytes.asString() ?? '');
  const text = decoded ? String.fromCharCode(...decoded.slice(0, MAGIC.length)) : bytes ? undefined : at?.asString();
  return at && text !== undefined && !text.startsWith(MAGIC)
    ? errorAt(at, 'Unable to create the Wasm plugin: this is no Wasm module.')
    : undefined;
}
