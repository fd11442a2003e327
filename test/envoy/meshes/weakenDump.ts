/** Dumps of which something was lost, as people pass them on: parts left out, values redacted, objects shortened. The trace may know less then, never something else. */

export interface WeakDump {
  readonly text: string;
  /** What was lost. Example: `no EndpointsConfigDump` */
  readonly loss: string;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Roll = (count: number) => number;

/** Without its secrets a proxy is taken for whom its metadata names, which here is not always so. */
const PARTS = ['EndpointsConfigDump', 'RoutesConfigDump', 'ListenersConfigDump', 'ClustersConfigDump'];

/** Loses one thing, by chance. */
export function weakenDump(text: string, roll: Roll): WeakDump {
  const dump = JSON.parse(text) as { configs: Json[] };
  const way = roll(6);
  if (way === 0) return withoutPart(dump, PARTS[roll(PARTS.length)] ?? '');
  const places = leavesOf(dump.configs, way > 3);
  const place = places[roll(places.length)];
  if (!place) return { text, loss: 'nothing' };
  const { holder, key, path } = place;
  const isList = Array.isArray(holder[key]);
  holder[key] = way > 3 ? CUT : '[redacted]';
  const written = JSON.stringify(dump, null, 1).replace(`"${CUT}"`, isList ? '[...]' : '{...}');
  return { text: written, loss: `${path} ${way > 3 ? 'cut' : 'redacted'}` };
}

/** No value of a dump. */
const CUT = 'cut-by-the-lab';

function withoutPart({ configs }: { configs: Json[] }, part: string): WeakDump {
  const kept = configs.filter((config) => !JSON.stringify(config).slice(0, 200).includes(part));
  return { text: JSON.stringify({ configs: kept }), loss: `no ${part}` };
}

interface Leaf {
  readonly holder: Record<string, Json>;
  readonly key: string;
  readonly path: string;
}

/** What says which message it is stays, and so does who wrote the dump, and what it is called. */
const KEPT: ReadonlySet<string> = new Set([
  '@type',
  'type_url',
  'bootstrap',
  'name',
  'last_updated',
  'version_info',
  'access_log',
  'client_status',
  'endpoint_id',
  'stat_prefix',
  'key',
  'factory_key',
  // Without it the next proxy's source is not told: that is no answer, but no other one either.
  'upstream_bind_config',
]);

/** Texts, or objects that are no whole resource. */
function leavesOf(root: Json, wantsObjects: boolean): Leaf[] {
  const found: Leaf[] = [];
  const walk = (value: Json, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (KEPT.has(key)) continue;
      const isObject = typeof child === 'object' && child !== null;
      if (!Array.isArray(value) && (wantsObjects ? isObject && depth > 1 : typeof child === 'string'))
        found.push({ holder: value, key, path: `${path}/${key}` });
      walk(child, `${path}/${key}`, depth + 1);
    }
  };
  walk(root, '', 0);
  return found;
}
