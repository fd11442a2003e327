/** The texts that stand for one that is kept back. */

/** As Envoy writes it (source/common/protobuf/utility.cc redact); the other spellings are read as this one. */
export const KEPT_BACK = '[redacted]';

/** What people and other tools write. */
export const KEPT_BACK_SPELLINGS: readonly string[] = [KEPT_BACK, '<redacted>', '[REDACTED]', '<REDACTED>', 'REDACTED'];

/** The text, or `[redacted]` for each of its spellings. */
export function readKeptBack(text: string): string {
  const mayBe = text.length === KEPT_BACK.length || text.length === 'REDACTED'.length;
  return mayBe && KEPT_BACK_SPELLINGS.includes(text) ? KEPT_BACK : text;
}
