/** What docs/editors.md promises: clients that can as much as those editors say of themselves get their answers, and are asked for nothing that they cannot. */
import { describe, expect, test } from 'vitest';
import type { ClientCapabilities, Hover, LocationLink, MessageConnection } from 'vscode-languageserver-protocol/node';
import { begin, open, positionOf, serveSessions, TEXT, uri, type Session } from './session';

serveSessions('editors');

/** As their sources have them, as far as it matters here. */
const EDITORS: Readonly<Record<string, ClientCapabilities>> = {
  Neovim: {
    general: { positionEncodings: ['utf-8', 'utf-16', 'utf-32'] },
    window: { workDoneProgress: true },
    workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: false }, inlayHint: { refreshSupport: true } },
    textDocument: {
      definition: { dynamicRegistration: true, linkSupport: true },
      diagnostic: { dynamicRegistration: false },
      hover: { dynamicRegistration: true, contentFormat: ['markdown', 'plaintext'] },
    },
  },
  Helix: {
    general: { positionEncodings: ['utf-8', 'utf-32', 'utf-16'] },
    window: { workDoneProgress: true },
    workspace: { configuration: true, workspaceFolders: true, applyEdit: true },
    textDocument: {
      publishDiagnostics: { versionSupport: true },
      completion: { completionItem: { snippetSupport: true, deprecatedSupport: true } },
      hover: { contentFormat: ['markdown'] },
    },
  },
  Zed: {
    general: { positionEncodings: ['utf-16'] },
    window: { workDoneProgress: true },
    workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true }, diagnostics: { refreshSupport: true } },
    textDocument: { definition: { linkSupport: true }, diagnostic: { relatedDocumentSupport: true } },
  },
  'JetBrains with LSP4IJ': {
    workspace: { configuration: true, workspaceFolders: true, symbol: {} },
    textDocument: {
      definition: { linkSupport: true },
      publishDiagnostics: { relatedInformation: true },
      hover: { contentFormat: ['markdown'] },
    },
  },
  'one that can nothing': {},
};

const BROKEN = TEXT.replace('cluster: réviews', 'cluster: nosuch');

describe.each(Object.entries(EDITORS))('%s', (_, capabilities) => {
  /** Offers only what the editor can; whatever else the server asks for is written down. */
  async function beginAs(): Promise<Session & { unexpected: string[]; encoding: 'utf-8' | 'utf-16' }> {
    const session = await begin(capabilities);
    const unexpected: string[] = [];
    const anything = session.connection as unknown as MessageConnection;
    anything.onRequest((method) => {
      if (!['window/workDoneProgress/create', 'workspace/diagnostic/refresh', 'workspace/inlayHint/refresh'].includes(method))
        unexpected.push(method);
      return null;
    });
    const encoding = session.result.capabilities.positionEncoding === 'utf-8' ? 'utf-8' : 'utf-16';
    await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: {} });
    return { ...session, unexpected, encoding };
  }

  test('definition, hover and completion, then a clean end', async () => {
    const session = await beginAs();
    await open(session);
    const { connection } = session;
    const position = positionOf('réviews } }] }]', session.encoding);
    const links = await connection.sendRequest<LocationLink[]>('textDocument/definition', { textDocument: { uri }, position });
    expect(links.map(({ targetUri }) => targetUri)).toEqual([uri]);
    const hover = await connection.sendRequest<Hover>('textDocument/hover', { textDocument: { uri }, position });
    expect(hover.contents).toMatchObject({ kind: 'markdown' });
    const list = await connection.sendRequest<{ items: { label: string }[] }>('textDocument/completion', {
      textDocument: { uri },
      position,
    });
    expect(list.items.map(({ label }) => label)).toContain('réviews');
    expect(await connection.sendRequest('shutdown')).toBeNull();
    const exit = new Promise<number | null>((done) => session.child.on('exit', done));
    await connection.sendNotification('exit');
    expect(await exit).toBe(0);
    expect(session.unexpected).toEqual([]);
  });
  test('diagnostics, in the way that it takes them', async () => {
    const session = await beginAs();
    await open(session, BROKEN);
    const codes = async (): Promise<unknown[]> => {
      if (capabilities.textDocument?.diagnostic === undefined) return session.published.at(-1)?.diagnostics.map(({ code }) => code) ?? [];
      const report = await session.connection.sendRequest<{ items: { code: string }[] }>('textDocument/diagnostic', {
        textDocument: { uri },
      });
      return report.items.map(({ code }) => code);
    };
    await expect.poll(codes, { timeout: 5_000 }).toContain('dangling-reference');
    expect(session.unexpected).toEqual([]);
  });
});
