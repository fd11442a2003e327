/** What the descriptors lack, kept by hand: Istio's own filters, Envoy's contrib messages that hold names, and untyped old configuration. */
import type { MessageDescription } from './messageType';

/** Messages that no descriptor describes, by full name. */
export const overlayMessages: ReadonlyMap<string, MessageDescription> = new Map();

/** `message.field` of an `Any` that always holds one message, for documents that leave its `@type` out. */
export const overlayAnyTypes: ReadonlyMap<string, string> = new Map();

/** `message.field` of untyped old configuration. */
export const typedByNameFields: ReadonlyMap<string, 'name' | 'key'> = new Map();

/** Old names whose successor the descriptors do not tell. */
export const overlayAliases: ReadonlyMap<string, string> = new Map();
