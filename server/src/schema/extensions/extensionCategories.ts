/**
 * Which extensions the standard Envoy 1.40 has, by category, as it tells itself (`node.extensions` of its dump), and which fields of the
 * API take which category (`[#extension-category: …]` of the protos). Names without `envoy.`, `xds.` or `google.` begin with `envoy.extensions.`.
 */
import { CATEGORIES_OF_FIELDS } from './categoriesOfFields';
import { REGISTERED_EXTENSIONS } from './registeredExtensions';
import { messageType, type MessageType } from '../table/messageType';
import type { Field } from '../table/messageDescription';

/** The categories of extensions that a field takes (example: `filters.http`); undefined where it takes none, or where that is not known. */
export function categoriesOfField({ name }: Pick<Field, 'name'>, owner: Pick<MessageType, 'name'>): readonly string[] | undefined {
  return fields().get(`${owner.name}.${name}`);
}

/** Full names of the messages that configure an extension of a category. */
export function typesOfCategory(category: string): ReadonlySet<string> {
  return types().get(category) ?? new Set();
}

/** A configuration whose message the API has, and by which the standard Envoy finds no extension of these categories. */
export function isForeignExtension(type: string, categories: readonly string[]): boolean {
  if (!messageType(type)?.complete && !type.startsWith('google.protobuf.')) return false;
  return !categories.some((category) => typesOfCategory(category).has(type));
}

/** The standard Envoy has such an extension, of whatever category. */
export function isRegistered(type: string): boolean {
  return registered().has(type);
}

/** Builds with the contributed extensions (api/contrib of Envoy 1.40) have more than the standard one. */
export function isContributed(type: string): boolean {
  return /\.v3alpha\.|\.(?:dynamo|client_ssl_auth|codecs\.kafka|kafka_broker|mysql_proxy|rocketmq_proxy)\.v3\./.test(type);
}

/** Settings of an HTTP filter on a route or virtual host, whose own configuration is another message of the same package. */
export function isRouteSettings(type: string): boolean {
  return ROUTE_SETTINGS.test(type);
}

const ROUTE_SETTINGS =
  /^envoy\.extensions\.(?:filters\.http|common\.matching)\..*\.(?:\w*PerRoute|PerRouteConfig|RateLimitQuotaOverride|McpOverride|CorsPolicy)$/;

const words = (text: string): string[] => text.trim().split(/\s+/);

const types = once(
  () => new Map(Object.entries(REGISTERED_EXTENSIONS).map(([category, names]) => [category, new Set(words(names).map(fullName))])),
);
const registered = once(() => new Set([...types().values()].flatMap((names) => [...names])));
const fields = once(
  () =>
    new Map(
      Object.entries(CATEGORIES_OF_FIELDS).flatMap(([categories, names]) =>
        words(names).map((name) => [fullName(name), words(categories)]),
      ),
    ),
);

function fullName(name: string): string {
  return /^(?:envoy|xds|google)\./.test(name) ? name : `envoy.extensions.${name}`;
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
