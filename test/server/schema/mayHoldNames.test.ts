import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageOfKind } from '../../../server/src/index/names/collectNames';
import { readDocument } from '../../../server/src/model/document/readDocument';
import { mayHoldNames } from '../../../server/src/schema/references/mayHoldNames';
import { messageType } from '../../../server/src/schema/table/messageType';
import { walkMessages } from '../../../server/src/schema/walk/walkMessages';
import { parseText } from '../../../server/src/syntax/parseText';

function mayHold(message: string, field: string): boolean | undefined {
  const found = messageType(message)?.fields.get(field);
  return found && mayHoldNames(found);
}

describe('mayHoldNames', () => {
  test('leaves out what names nothing', () => {
    expect(mayHold('envoy.config.endpoint.v3.LocalityLbEndpoints', 'locality')).toBe(false);
    expect(mayHold('envoy.config.cluster.v3.Cluster', 'circuit_breakers')).toBe(false);
  });

  test('goes where a name stands at some depth, and into every Any', () => {
    expect(mayHold('envoy.config.route.v3.RouteConfiguration', 'virtual_hosts')).toBe(true);
    expect(mayHold('envoy.config.listener.v3.Filter', 'typed_config')).toBe(true);
    expect(mayHold('envoy.config.listener.v3.Listener', 'filter_chains')).toBe(true);
  });

  test('a walk for names meets every field with a site that a whole walk meets, in all samples', () => {
    const root = path.resolve(import.meta.dirname, '../../../samples');
    const files = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(json|ya?ml)$/.test(file));
    let met = 0;
    for (const file of files) {
      const tree = parseText(file, fs.readFileSync(path.join(root, file), 'utf8'));
      const fieldsWithSites = (namesOnly: boolean) => {
        const found: number[] = [];
        for (const { resources } of readDocument(tree))
          for (const { node, kind } of resources)
            walkMessages(tree, node.id, messageOfKind(kind), {
              namesOnly,
              field: (value, _field, _owner, sites) => {
                if (sites.length > 0) found.push(value);
              },
            });
        return found;
      };
      const all = fieldsWithSites(false);
      expect(fieldsWithSites(true), file).toEqual(all);
      met += all.length;
    }
    expect(met).toBeGreaterThan(100);
  });
});
