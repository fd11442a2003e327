/** What of a dump reaches the page: text, without what steers it. */
import { afterEach, expect, test, vi } from 'vitest';
import { createElement } from '../../../client/webview/createElement';

afterEach(() => vi.unstubAllGlobals());

test('marks that turn the direction of writing reach neither texts nor attributes', () => {
  const element = { setAttribute: vi.fn(), append: vi.fn() };
  vi.stubGlobal('document', { createElement: () => element });
  createElement('span', { title: '\u202egnp.exe' }, ['\u202egnp.exe', undefined, '<img src=x>']);
  expect(element.setAttribute).toHaveBeenCalledWith('title', ' gnp.exe');
  expect(element.append).toHaveBeenCalledWith(' gnp.exe', '<img src=x>');
});
