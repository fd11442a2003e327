/** Which fields of the API the generators use: what is never generated is never compared. */
import fc from 'fast-check';
import { typesOfCategory } from '../../server/src/schema/extensions/extensionCategories';
import { REGISTERED_EXTENSIONS } from '../../server/src/schema/extensions/registeredExtensions';
import type { MessageType } from '../../server/src/schema/table/messageType';
import { walkMessages } from '../../server/src/schema/walk/walkMessages';
import { parseText } from '../../server/src/syntax/parseText';
import { caseSeed } from './caseSeed';
import { areas } from './generators/index';
import { excuseOf } from './unusedFields';
import type { LabOptions } from './options';
import { placeCase, sourcesOf } from './placeCase';

/** Messages that were met, with the fields that were set. */
type Coverage = Map<MessageType, Set<string>>;

/** Samples `pairs` configurations of the chosen areas; prints, for every message that was met, the fields that none of them set and nobody excuses. */
export function reportCoverage({ seed, pairs, area }: LabOptions): number {
  const names = Object.keys(areas).filter((name) => area === undefined || area.split(',').some((start) => name.startsWith(start)));
  const found: Coverage = new Map();
  for (let index = 0; index < pairs; index++) sampleFields(found, names[index % names.length] ?? '', { seed, index });
  const messages = [...found].sort(([one], [other]) => (one.name < other.name ? -1 : 1));
  let unused = 0;
  const excused = new Map<string, number>();
  for (const [type, used] of messages) {
    const missing: string[] = [];
    for (const { name, removed } of type.fieldList) {
      if (removed || used.has(name)) continue;
      const excuse = excuseOf(type.name, name);
      if (excuse === undefined) missing.push(name);
      else excused.set(excuse, (excused.get(excuse) ?? 0) + 1);
    }
    unused += missing.length;
    if (missing.length > 0) console.log(`${type.name} (${used.size} of ${used.size + missing.length}): ${missing.join(' ')}`);
  }
  for (const [excuse, count] of excused) console.log(`– ${count} fields: ${excuse}`);
  reportUnmet(new Set(messages.map(([type]) => type.name)));
  console.log(`${pairs} configurations, ${messages.length} messages, ${unused} of their fields never used`);
  return 0;
}

/** Extensions of Envoy that stand in no configuration, by category: none of their fields is counted above. */
function reportUnmet(met: ReadonlySet<string>): void {
  for (const category of Object.keys(REGISTERED_EXTENSIONS)) {
    const unmet = [...typesOfCategory(category)].filter((type) => !met.has(type));
    if (unmet.length > 0) console.log(`never: ${category}: ${unmet.map((type) => type.replace('envoy.extensions.', '')).join(' ')}`);
  }
}

function sampleFields(found: Coverage, generator: string, { seed, index }: { seed: number; index: number }): void {
  const arbitrary = areas[generator];
  const [given] = arbitrary ? fc.sample(fc.noBias(arbitrary), { seed: caseSeed(seed, index), numRuns: 1 }) : [];
  if (!given) return;
  for (const { text } of sourcesOf(placeCase(given, { slot: 0, index, generator }))) countFields(found, text);
}

function countFields(found: Coverage, text: string): void {
  const use = (type: MessageType): Set<string> => {
    const known = found.get(type) ?? new Set<string>();
    found.set(type, known);
    return known;
  };
  const tree = parseText('lab:/case.json', text);
  for (const root of tree.roots) {
    walkMessages(tree, root, 'resources' in (JSON.parse(text) as object) ? DISCOVERY : BOOTSTRAP, {
      message: (_, type) => void use(type),
      field: (_, field, owner) => void use(owner).add(field.name),
    });
  }
}

const BOOTSTRAP = 'envoy.config.bootstrap.v3.Bootstrap';
const DISCOVERY = 'envoy.service.discovery.v3.DiscoveryResponse';
