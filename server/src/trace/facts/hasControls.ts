/** Characters that no header value of HTTP has. */

/** All below the blank but the tab, and DEL. */
export function hasControls(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}
