/** The folder and the file in a URI or a path, of either kind of slash. */

/** With the slash at its end; '' where there is none. What is not saved yet is in a folder of its own, `untitled:`. */
export function folderOf(uri: string): string {
  return uri.slice(0, startOfName(uri));
}

/** What stands behind the folder. */
export function fileNameOf(uri: string): string {
  return uri.slice(startOfName(uri));
}

function startOfName(uri: string): number {
  const slash = Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('\\'));
  return slash < 0 && uri.startsWith(UNTITLED) ? UNTITLED.length : slash + 1;
}

const UNTITLED = 'untitled:';
