/** What is sent of documents: large files are opened without their text where the server can read the disk, and the editor's own not at all. */
import * as vscode from 'vscode';
import type { BaseLanguageClient, Middleware } from 'vscode-languageclient';
import {
  FileNotifications,
  fingerprintText,
  WORTH_READING,
  type DidOpenFileParams,
  type FileCapabilities,
  type TextWantedParams,
} from '../../server/src/protocol/openFiles';

export interface OpeningWithoutText {
  /** To be given to the client when it is made. */
  readonly middleware: Pick<Middleware, 'sendNotification'>;
  /** To be called before the client is started. */
  serve(client: BaseLanguageClient): void;
}

const DID_OPEN = 'textDocument/didOpen';

export function openWithoutText(): OpeningWithoutText {
  let served: BaseLanguageClient | undefined;
  return {
    middleware: {
      sendNotification: (type, next, params) => {
        if (isOfEditor(params)) return Promise.resolve();
        // A method by name is our own answer to the server's question, and goes as it is.
        const opened = typeof type !== 'string' && type.method === DID_OPEN ? openedFile(params) : undefined;
        if (!opened || !readsFiles(served)) return next(type, params);
        // What listens to the client is told of an opened document all the same.
        return (next as SendNotification)(FileNotifications.didOpenFile, opened);
      },
    },
    serve(client) {
      served = client;
      client.onNotification(FileNotifications.textWanted, async ({ uri }: TextWantedParams) => {
        const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
        if (document) await client.sendNotification(DID_OPEN, client.code2ProtocolConverter.asOpenTextDocumentParams(document));
      });
    },
  };
}

/** VS Code's settings, and the schemas that it opens to check JSON with, are documents, too; they are not looked at. */
function isOfEditor(params: unknown): boolean {
  const { textDocument } = (params ?? {}) as { textDocument?: { uri?: string } };
  return /^vscode(?:-userdata)?:/.test(textDocument?.uri ?? '');
}

type SendNotification = (type: string, params: DidOpenFileParams) => Promise<void>;

function readsFiles(client: BaseLanguageClient | undefined): boolean {
  const capabilities = client?.initializeResult?.capabilities.experimental as FileCapabilities | undefined;
  return capabilities?.envoyLensReadsFiles === true;
}

/** Undefined where the text must be sent, or is short. */
function openedFile(params: unknown): DidOpenFileParams | undefined {
  const { uri, languageId, version, text } = (params as OpenParams).textDocument;
  if (text.length < WORTH_READING || !uri.startsWith('file:') || isDirty(uri)) return undefined;
  return { uri, languageId, version, fingerprint: fingerprintText([text]) };
}

interface OpenParams {
  readonly textDocument: { readonly uri: string; readonly languageId: string; readonly version: number; readonly text: string };
}

/** The disk has another text, by what the editor knows. */
function isDirty(uri: string): boolean {
  return vscode.workspace.textDocuments.some((document) => document.isDirty && document.uri.toString() === uri);
}
