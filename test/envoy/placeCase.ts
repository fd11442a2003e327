/** Gives a case its own names, ports and intercepted addresses, so that one Envoy serves many cases. */
import type { Json, JsonObject, LabCase, PlacedCase } from './labCase';

/** Cases that one Envoy serves at a time. */
export const SLOTS = 48;
const PORTS = 8;
const FIRST_PORT = 20000;

/** The first of the eight ports of a slot. */
export function basePort(slot: number): number {
  return 10000 + slot * PORTS;
}

export function placeCase(given: LabCase, { slot, index, generator }: Pick<PlacedCase, 'slot' | 'index' | 'generator'>): PlacedCase {
  const place = (value: Json): Json => placeValue(value, slot);
  const internal = given.listeners.some((listener) => 'internal_listener' in listener);
  const bootstrap: JsonObject = {
    node: { id: 'lab', cluster: 'lab' },
    ...(internal ? { bootstrap_extensions: [internalListeners()] } : {}),
    static_resources: { listeners: given.listeners.map(place), clusters: given.clusters.map(place) },
  };
  const requests = place(given.requests as unknown as Json) as unknown as PlacedCase['requests'];
  return { slot, index, generator, area: given.area, bootstrap, requests };
}

export function internalListeners(): JsonObject {
  const type = 'type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener';
  return { name: 'envoy.bootstrap.internal_listener', typed_config: { '@type': type } };
}

function placeValue(value: Json, slot: number): Json {
  if (typeof value === 'number') return isPort(value) ? basePort(slot) + (value - FIRST_PORT) : value;
  if (typeof value === 'string') return placeText(value, slot);
  if (Array.isArray(value)) return value.map((item: Json) => placeValue(item, slot));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, child]) => [placeText(key, slot), placeValue(child, slot)]));
}

function isPort(value: number): boolean {
  return value >= FIRST_PORT && value < FIRST_PORT + PORTS;
}

function placeText(text: string, slot: number): string {
  return text
    .replaceAll('§', `s${slot}-`)
    .replaceAll('10.96.0.', `10.96.${slot}.`)
    .replaceAll(/\b2000([0-7])\b/gu, (_, offset: string) => String(basePort(slot) + Number(offset)));
}
