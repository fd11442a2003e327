/** Settings of an extension that Envoy refuses though each value fits its field: fields that need or exclude each other. */
import type { ConfigNode } from '../../../../schema/configNode';
import { refusalRule, type CheckMessage } from '../../messageRule';
import type { Problem, RuleContext } from '../../rule';
import { aiFilterSettings } from './aiFilterSettings';
import { authFilterSettings } from './authFilterSettings';
import { clusterExtensionSettings } from './clusterExtensionSettings';
import { dataSources } from './dataSources';
import { headerValidation } from './headerValidation';
import { httpFilterSettings } from './httpFilterSettings';
import { networkFilterSettings } from './networkFilterSettings';
import { oauth2Settings } from './oauth2Settings';
import { protocolSettings } from './protocolSettings';
import { observabilitySettings } from './observabilitySettings';
import { tapSettings } from './tapSettings';
import { trafficFilterSettings } from './trafficFilterSettings';
import { upstreamSettings } from './upstreamSettings';
import { wasmSettings } from './wasmSettings';

const TABLES: readonly Readonly<Record<string, CheckMessage>>[] = [
  dataSources,
  httpFilterSettings,
  authFilterSettings,
  oauth2Settings,
  headerValidation,
  trafficFilterSettings,
  tapSettings,
  networkFilterSettings,
  protocolSettings,
  observabilitySettings,
  upstreamSettings,
  clusterExtensionSettings,
  aiFilterSettings,
  wasmSettings,
];

export const extensionSettings = refusalRule('extension-settings', joinTables());

/** A message may stand in several tables. */
function joinTables(): Record<string, CheckMessage> {
  const types = new Set(TABLES.flatMap((table) => Object.keys(table)));
  const checksOf = (type: string): CheckMessage[] => TABLES.flatMap((table) => table[type] ?? []);
  return Object.fromEntries([...types].map((type) => [type, runAll(checksOf(type))]));
}

function runAll(checks: readonly CheckMessage[]): CheckMessage {
  const [only] = checks;
  if (only && checks.length === 1) return only;
  return (message: ConfigNode, context: RuleContext): (Problem | undefined)[] => checks.flatMap((check) => [...check(message, context)]);
}
