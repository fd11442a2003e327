/** Settings of Wasm plugins that Envoy refuses (source/extensions/common/wasm/plugin.cc, wasm.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { decodeBase64 } from '../../../../text/encoding';
import type { CheckMessage } from '../../messageRule';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';
import { exclusive } from '../../settingChecks';
import { typesAbove } from '../../typesAbove';

const WASM = 'envoy.extensions.wasm.v3';
const PLUGINS = [
  'filters.http.wasm.v3.Wasm',
  'filters.network.wasm.v3.Wasm',
  'access_loggers.wasm.v3.WasmAccessLog',
  'stat_sinks.wasm.v3.Wasm',
];

export const wasmSettings: Readonly<Record<string, CheckMessage>> = {
  [`${WASM}.PluginConfig`]: (plugin) => [exclusive(plugin, 'fail_open', 'failure_policy')],
  [`${WASM}.VmConfig`]: (machine) => [ofService(machine, noModule(machine))],
  [`${WASM}.EnvironmentVariables`]: (variables) => repeatedKeys(variables).map((problem) => ofService(variables, problem)),
  ...Object.fromEntries(
    PLUGINS.map((type) => [`envoy.extensions.${type}`, (plugin: ConfigNode) => [lacksCode(plugin), noRuntime(plugin)]]),
  ),
};

/** A service of the bootstrap is made when Envoy runs. */
function ofService(at: ConfigNode, problem: Problem | undefined): Problem | undefined {
  return problem && typesAbove(at)[0] === `${WASM}.WasmService` ? { ...problem, severity: 'warning' } : problem;
}

function repeatedKeys(variables: ConfigNode): (Problem | undefined)[] {
  const values = variables.map('key_values');
  return variables.list('host_env_keys').map((key, index, keys) => {
    const isTwice =
      keys.findIndex((other) => other.asString() === key.asString()) < index || values.some(([name]) => name === key.asString());
    return isTwice ? errorAt(key, `The key "${key.asString() ?? ''}" is duplicated: all keys must be unique.`) : undefined;
  });
}

/** Whatever is to be done on failure, a plugin needs code when it is made (asked of Envoy 1.40). */
function lacksCode(plugin: ConfigNode): Problem | undefined {
  const nodes = [plugin, plugin.get('config'), plugin.path('config', 'vm_config')].flatMap((node) => node ?? []);
  const innermost = nodes.at(-1) ?? plugin;
  return nodes.some((node) => node.isIncomplete) || innermost.has('code')
    ? undefined
    : errorAt(innermost, 'Unable to create the Wasm plugin: the "code" of its "vm_config" is missing.');
}

const RUNTIMES = /^(?:|envoy\.wasm\.runtime\.(?:v8|null))$/;
/** Runtimes of other builds. */
const OTHER_RUNTIMES = /^envoy\.wasm\.runtime\.(?:wasmtime|wamr|wavm)$/;

/** Code that is fetched is run later. */
function noRuntime(plugin: ConfigNode): Problem | undefined {
  const machine = plugin.path('config', 'vm_config');
  const runtime = machine?.get('runtime');
  const name = runtime?.asString() ?? '';
  if (!runtime || RUNTIMES.test(name) || !machine?.path('code', 'local')) return undefined;
  return OTHER_RUNTIMES.test(name)
    ? warningAt(runtime, `The standard Envoy has no runtime "${name}": it is only in other builds.`)
    : errorAt(
        runtime,
        `Unable to create the Wasm plugin: there is no runtime "${name.slice(0, 80)}". It is usually "envoy.wasm.runtime.v8".`,
      );
}

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
