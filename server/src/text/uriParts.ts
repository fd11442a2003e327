/** The folder and the file in a URI or a path, of either kind of slash. */

/** With the slash at its end; '' where there is none. */
export function folderOf(uri: string): string {
  return uri.slice(0, lastSlash(uri) + 1);
}

/** What stands behind the last slash. */
export function fileNameOf(uri: string): string {
  return uri.slice(lastSlash(uri) + 1);
}

function lastSlash(uri: string): number {
  return Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\'));
}
