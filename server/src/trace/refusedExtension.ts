/** Extensions of another kind than their place takes, so that Envoy does not load what has them (source/common/config/utility.h getAndCheckFactory). */
import { isForeignExtension, isRegistered } from '../schema/extensions/extensionCategories';
import type { Hop } from './hop';
import { say, words, type Sentence } from './record/sentence';

/**
 * Why it is refused; example of a category: `filters.http`. Of extensions that the standard Envoy has not at all nothing is claimed, nor of what a running
 * Envoy has told of itself: other builds have more.
 */
export function refusalOfExtension({ proxy }: Hop, type: string, category: string): Sentence | undefined {
  if (proxy.kind !== 'bootstrap' || !isRegistered(type) || !isForeignExtension(type, [category])) return undefined;
  return say`${type} is no extension of the category ${words(`envoy.${category}`)}`;
}
