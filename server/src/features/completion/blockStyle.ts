/** How a YAML file indents, told by its first blocks: what is inserted looks like what is there. */

export interface BlockStyle {
  /** Spaces before a key inside another. */
  readonly step: string;
  /** Spaces before the dash of a list, counted from the key that has the list. */
  readonly dash: string;
}

const MAX_LINES = 2_000;

/** Two spaces, and dashes below their key, where the file does not tell. */
export function readBlockStyle(text: string): BlockStyle {
  let step: number | undefined;
  let dash: number | undefined;
  let open: number | undefined;
  for (const line of text.split('\n', MAX_LINES)) {
    const [, indent = '', dashes = '', rest = ''] = /^( *)((?:- +)*)(.*)$/.exec(line) ?? [];
    if (rest.trim() === '' || rest.startsWith('#')) continue;
    const column = indent.length;
    if (open !== undefined && dashes !== '' && column >= open) dash ??= column - open;
    else if (open !== undefined && dashes === '' && column > open) step ??= column - open;
    if (step !== undefined && dash !== undefined) break;
    open = /^["']?[\w@.-]+["']?:\s*(?:#.*)?$/.test(rest) ? column + dashes.length : undefined;
  }
  return { step: ' '.repeat(step ?? 2), dash: ' '.repeat(dash ?? 0) };
}
