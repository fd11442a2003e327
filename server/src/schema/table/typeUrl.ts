/** From a type URL to the message it names today: the host is cut off, and names of the v2 API become their v3 successors. */
import { aliasLines } from '../generated/schemaTable';
import { overlayAliases } from './overlay';
import { hasMessage } from './readTable';

/** The part after the last `/` (Envoy: source/common/config/utility.cc looks types up by it); '' for ''. */
export function messageNameOfTypeUrl(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** The last part of a message's full name. Example: `Cluster` of `envoy.config.cluster.v3.Cluster` */
export function shortNameOf(message: string): string {
  return message.slice(message.lastIndexOf('.') + 1);
}

/**
 * The v3 name of a v2 message; any other name as it is. `udpa.annotations.versioning` knows most; the rest follows the pattern
 * `envoy.config.filter.….v2alpha1` → `envoy.extensions.filters.….v3`, taken only where such a message exists.
 */
export function upgradeMessageName(name: string): string {
  if (!name.startsWith('envoy.') || hasMessage(name)) return overlayAliases.get(name) ?? name;
  return successor(name) ?? renamedByPattern(name) ?? name;
}

let aliases: ReadonlyMap<string, string> | undefined;

/** A nested message that moved with its parent has no line of its own. */
function successor(name: string): string | undefined {
  aliases ??= new Map(
    aliasLines
      .slice(1)
      .split('\n')
      .map((line): [string, string] => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const moved = aliases.get(name.slice(0, end)) ?? overlayAliases.get(name.slice(0, end));
    if (moved !== undefined) return moved + name.slice(end);
  }
  return undefined;
}

const OLD_VERSION = /\.v[12](?:alpha\d*|beta\d*)?\./;

function renamedByPattern(name: string): string | undefined {
  if (!OLD_VERSION.test(name)) return undefined;
  const inPlace = name.replace(OLD_VERSION, '.v3.');
  const moved = inPlace.replace(/^envoy\.config\.filter\./, 'envoy.extensions.filters.').replace(/^envoy\.config\./, 'envoy.extensions.');
  return [inPlace, moved].find(hasMessage);
}
