import { expect, test } from 'vitest';
import { fileNameOf, folderOf } from '../../../server/src/text/uriParts';

test.each([
  ['file:///mesh/envoy.yaml', 'file:///mesh/', 'envoy.yaml'],
  ['C:\\mesh\\envoy.yaml', 'C:\\mesh\\', 'envoy.yaml'],
  ['envoy.yaml', '', 'envoy.yaml'],
  // Two pastes are one proxy, which needs a name.
  ['untitled:Untitled-1', 'untitled:', 'Untitled-1'],
  ['untitled:/mesh/envoy.yaml', 'untitled:/mesh/', 'envoy.yaml'],
])('%s lies in "%s" as %s', (uri, folder, name) => {
  expect(folderOf(uri)).toBe(folder);
  expect(fileNameOf(uri)).toBe(name);
});
