/** What a person calls a file. */

/**
 * The last part of a uri or a path, of a folder too; of a uri decoded, where it can be.
 * Examples: `file:///a/my%20envoy.yaml` is `my envoy.yaml`, `untitled:Untitled-1` is `Untitled-1`.
 */
export function fileName(uri: string): string {
  const name = uri.replace(/(?:[/\\]|(?<=^untitled):)$/, '').replace(/^(?:.*[/\\]|untitled:)/, '');
  return /^[a-z][\w+.-]+:/.test(uri) ? decoded(name) : name;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
