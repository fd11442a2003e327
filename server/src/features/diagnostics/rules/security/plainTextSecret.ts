/** A private key or another secret that stands as text in a hand-written file. */
import type { ConfigNode } from '../../../../schema/configNode';
import { KEPT_BACK } from '../../../../schema/keptBack';
import type { SchemaRule } from '../../rule';

export const plainTextSecret: SchemaRule = {
  code: 'plain-text-secret',
  applies: 'written',
  visit: (report) => ({
    field(value, field) {
      if (!field.sensitive) return;
      const text = secretText(value);
      if (text)
        report.add({
          severity: 'information',
          at: text,
          message: `"${field.name}" stands here in plain text. A file, an environment variable or SDS keeps it out of the configuration.`,
        });
    },
  }),
};

/** The text itself, or the inline text of a DataSource. */
function secretText(value: ConfigNode): ConfigNode | undefined {
  const inline = value.isObject ? (value.get('inline_string') ?? value.get('inline_bytes')) : value;
  const text = inline?.asString() ?? '';
  return inline && text !== '' && text !== KEPT_BACK && !text.includes('...') ? inline : undefined;
}
