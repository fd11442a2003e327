/** What an editor makes of a file's text when it opens it: line ends of one kind. */

/**
 * A file with line ends of several kinds gets those that most of its lines have: `\r\n` where more than half of them have a carriage return,
 * else `\n` (VS Code: `PieceTreeTextBufferFactory`). One kind alone stays, but for the lone `\r`, which becomes `\r\n`.
 */
export function textAsShown(content: string): string {
  if (!content.includes('\r')) return content;
  const pairs = count(content, '\r\n');
  const carriages = count(content, '\r') - pairs;
  const feeds = count(content, '\n') - pairs;
  if (carriages === 0 && feeds === 0) return content;
  return content.replace(/\r\n|\r|\n/g, (pairs + carriages) * 2 > pairs + carriages + feeds ? '\r\n' : '\n');
}

function count(content: string, sought: string): number {
  let found = 0;
  for (let at = content.indexOf(sought); at >= 0; at = content.indexOf(sought, at + sought.length)) found++;
  return found;
}
