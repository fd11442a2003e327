/** Documents that show a file as it was or as somebody else has it: the left side of a comparison, a commit, a review. */

/** Of VS Code (Git, local history, comparisons, merges), its extensions for reviews and histories, and of Vim's fugitive and diffview. */
const SCHEMES: ReadonlySet<string> = new Set([
  ...['git', 'gitfs', 'scm-history-item', 'vscode-local-history', 'clipboardcompare', 'conflictresolution', 'merge-conflict.conflict-diff'],
  ...['gitlens', 'gitlens-git', 'review', 'pr', 'githubpr', 'githubcommit', 'svn', 'hg'],
  ...['fugitive', 'diffview'],
]);

/** Whether such a document must be read by itself: beside the file it would be a second proxy of the same name, and give every name twice. */
export function isOtherVersion(uri: string): boolean {
  return SCHEMES.has(uri.slice(0, Math.max(uri.indexOf(':'), 0)).toLowerCase());
}
