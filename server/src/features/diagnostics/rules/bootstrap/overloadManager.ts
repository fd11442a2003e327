/** An overload manager that Envoy refuses (source/server/overload_manager_impl.cc). */
import { readTyped, type ConfigNode } from '../../../../schema/configNode';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { repeatedItems } from '../../settingChecks';
import { messageNameOfTypeUrl } from '../../../../schema/table/typeUrl';
import { wordTable } from '../../../../text/wordTable';

const OVERLOAD = 'envoy.config.overload.v3';
const RESERVED = 'envoy.overload_actions.';
const SCALE_TIMERS = `${OVERLOAD}.ScaleTimersOverloadActionConfig`;
const REDUCE_TIMEOUTS = 'envoy.overload_actions.reduce_timeouts';
const RESET_STREAMS = 'envoy.overload_actions.reset_high_memory_stream';
const SHRINK_HEAP = 'envoy.overload_actions.shrink_heap';
const ACTIONS: ReadonlySet<string> = new Set([
  ...[REDUCE_TIMEOUTS, RESET_STREAMS, SHRINK_HEAP],
  ...['stop_accepting_requests', 'disable_http_keepalive', 'stop_accepting_connections', 'reject_incoming_connections'].map(
    (name) => `${RESERVED}${name}`,
  ),
]);
/** The settings that they take; others take none. */
const TAKEN = wordTable({ [REDUCE_TIMEOUTS]: SCALE_TIMERS, [SHRINK_HEAP]: `${OVERLOAD}.ShrinkHeapConfig` });
/** Resources that need no monitor. */
const PROACTIVE = 'envoy.resource_monitors.global_downstream_max_connections';

export const overloadManager = refusalRule('overload-manager', {
  [`${OVERLOAD}.OverloadManager`]: (manager) => {
    const monitors = manager.list('resource_monitors');
    const names = new Set(monitors.map((monitor) => monitor.string('name')));
    const nameOf = (item: ConfigNode): string => item.string('name');
    const isCut = manager.isIncomplete || (manager.get('resource_monitors')?.isIncomplete ?? false);
    const actions = manager.list('actions');
    const points = manager.list('loadshed_points');
    return [
      ...repeatedItems(monitors, nameOf, (name) => `Duplicate resource monitor "${name}".`),
      ...repeatedItems(actions, nameOf, (name) => `Duplicate overload action "${name}".`),
      ...repeatedItems(points, nameOf, (name) => `Duplicate load shed point "${name}".`),
      ...actions.flatMap((action) => checkAction(action, manager)),
      ...actions.flatMap((action) => checkTriggers(action, isCut ? undefined : new Set([...names, PROACTIVE]))),
      ...points.flatMap((point) => checkTriggers(point, isCut ? undefined : names)),
    ];
  },
  [`${OVERLOAD}.ScaledTrigger`]: (trigger) => {
    const scaling = trigger.number('scaling_threshold') ?? 0;
    return [
      scaling >= (trigger.number('saturation_threshold') ?? 0)
        ? errorAt(trigger.get('scaling_threshold') ?? trigger, '"scaling_threshold" must be less than "saturation_threshold".')
        : undefined,
    ];
  },
  [`${OVERLOAD}.ScaleTimersOverloadActionConfig`]: (config) =>
    repeatedItems(
      config.list('timer_scale_factors'),
      (factor) => factor.enumName('timer'),
      (timer) => `Duplicate entry for the timer ${timer}.`,
    ),
});

/** `OverloadManagerImpl` and `ThreadLocalOverloadStateImpl`: the settings first, then the name. */
function checkAction(action: ConfigNode, manager: ConfigNode): (Problem | undefined)[] {
  const at = action.get('name') ?? action;
  const name = action.string('name');
  const typed = action.get('typed_config');
  if (name === '' || typed?.isIncomplete) return [];
  const { type } = typed ? readTyped(typed) : { type: '' };
  if (typed && type === '') return [errorAt(typed, `The overload action "${name}" has a "typed_config" without a type.`)];
  if (type === SCALE_TIMERS) return [checkScaling(name, at)];
  if (!ACTIONS.has(name)) return [errorAt(at, `Unknown overload manager action "${name}".`)];
  if (name === RESET_STREAMS && !manager.has('buffer_factory_config') && !manager.isIncomplete)
    return [errorAt(at, `The overload action "${name}" requires "buffer_factory_config".`)];
  if (name === REDUCE_TIMEOUTS && !typed && !action.isIncomplete)
    return [errorAt(at, `The overload action "${name}" requires a "typed_config".`)];
  return [typed && checkSettings(name, typed)];
}

/** By its settings, too, an action scales timers: one with a name of its own, or the one that is there for it. */
function checkScaling(name: string, at: ConfigNode): Problem | undefined {
  if (name === REDUCE_TIMEOUTS || !name.startsWith(RESERVED)) return undefined;
  const why = ACTIONS.has(name) ? 'does not scale timers' : `begins with "${RESERVED}", which is Envoy's own`;
  return errorAt(at, `The overload action "${name}" ${why}: its "typed_config" is a "${SCALE_TIMERS}".`);
}

function checkSettings(name: string, typed: ConfigNode): Problem | undefined {
  const taken = TAKEN[name];
  if (name === RESET_STREAMS) return undefined;
  if (taken === undefined) return errorAt(typed, `The overload action "${name}" takes no "typed_config".`);
  // Those of shrink_heap are unpacked as they are; a TypedStruct is not seen through.
  const given = name === SHRINK_HEAP ? messageNameOfTypeUrl(typed.entry('@type')?.asString() ?? '') : readTyped(typed).type;
  return given === taken ? undefined : errorAt(typed, `The overload action "${name}" takes a "${taken}": this is a "${given}".`);
}

function checkTriggers(owner: ConfigNode, resources: ReadonlySet<string> | undefined): (Problem | undefined)[] {
  const triggers = owner.list('triggers');
  return [
    ...repeatedItems(
      triggers,
      (trigger) => trigger.string('name'),
      (name) => `Duplicate trigger resource "${name}".`,
    ),
    ...triggers.map((trigger) => {
      const name = trigger.string('name');
      return resources && name !== '' && !resources.has(name)
        ? errorAt(trigger.get('name') ?? trigger, `Unknown trigger resource "${name}": there is no such resource monitor.`)
        : undefined;
    }),
  ];
}
