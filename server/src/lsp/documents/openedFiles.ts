/** Files that the editor opens without sending their text: read from the disk, ahead where they are announced, and compared with what the editor has. */
import {
  fingerprintText,
  isSameFingerprint,
  type DidOpenFileParams,
  type TextFingerprint,
  type WillOpenFileParams,
} from '../../protocol/openFiles';
import { SNIFFED_LENGTH, sniffConfiguration } from '../../protocol/sniffConfiguration';
import { piecesOf, textOf, type Text } from '../../text/text';
import { delay } from '../turns/hostClock';
import type { ReadFile } from './readText';
import { textAsShown } from './textAsShown';
import type { Workspace } from './workspace';

export interface OpenedFiles {
  /** The editor is about to open a file: it is read and its names are found meanwhile. Resolves when nothing more will come of it. */
  expect(params: WillOpenFileParams): Promise<void>;
  /** True for a file that was announced and is not open yet. */
  isExpected(uri: string): boolean;
  /** The text that the editor has; undefined where the disk has another, or none. */
  textFor(params: DidOpenFileParams): Promise<Text | undefined>;
}

export interface FileReading {
  readonly workspace: Workspace;
  readonly readFile: ReadFile;
  /** A file that was announced was not opened. */
  dropped(uri: string): void;
}

interface FileText {
  readonly text: Text;
  readonly fingerprint: TextFingerprint;
}

/** So many files at once: who flips through the dumps of a folder opens one after the other. */
const MOST_EXPECTED = 2;
/** An editor that has not opened a file by then will not. */
const PATIENCE_MILLISECONDS = 60_000;

export function makeOpenedFiles({ workspace, readFile, dropped }: FileReading): OpenedFiles {
  const expected = new Map<string, Promise<FileText | undefined>>();
  const read = async (uri: string): Promise<FileText | undefined> => {
    try {
      const text = textOf(textAsShown((await readFile(uri)) ?? ''));
      return { text, fingerprint: fingerprintText(piecesOf(text)) };
    } catch {
      return undefined;
    }
  };
  const drop = (uri: string) => {
    if (!expected.delete(uri)) return;
    workspace.forget(uri);
    // Or it was opened with its text.
    if (!workspace.isOpen(uri)) dropped(uri);
  };
  return {
    isExpected: (uri) => expected.has(uri),
    async expect({ uri }) {
      if (expected.has(uri) || workspace.isOpen(uri)) return;
      const reading = read(uri);
      expected.set(uri, reading);
      const [oldest] = expected.keys();
      if (oldest !== undefined && expected.size > MOST_EXPECTED) drop(oldest);
      const found = await reading;
      if (expected.get(uri) !== reading) return;
      if (!found || !sniffConfiguration(found.text.slice(0, SNIFFED_LENGTH))) {
        drop(uri);
        return;
      }
      workspace.prepare({ uri, text: found.text });
      await delay(PATIENCE_MILLISECONDS);
      if (expected.get(uri) === reading) drop(uri);
    },
    async textFor({ uri, fingerprint }) {
      const ahead = await expected.get(uri);
      expected.delete(uri);
      if (ahead && isSameFingerprint(ahead.fingerprint, fingerprint)) return ahead.text;
      workspace.forget(uri);
      // The file may have changed since it was read.
      const found = await read(uri);
      return found && isSameFingerprint(found.fingerprint, fingerprint) ? found.text : undefined;
    },
  };
}
