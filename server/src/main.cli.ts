/** The command line's entry: files, standard input, terminal. The commands are in cli/. */
import fs from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { gunzipSync } from 'node:zlib';
import { runCommandLine } from './cli/runCommandLine';
import { UsageError, type CommandHost, type SourceFile } from './cli/commandLine';
import { asksForHelp } from './cli/usage';
import { textOf, textOfPieces, type Text } from './text/text';
import { startServer } from './lsp/startServer';
import { connectInNode, nodeHost } from './main.node';
import { messageOfError } from './protocol/messageOfError';

const CONFIGURATION_FILE = /\.(json|jsonc|ya?ml)(\.gz)?$/i;

const host: CommandHost = {
  readFile: (file) => Promise.resolve(readText(file)),
  exists: (file) => fs.existsSync(file),
  readSources: (paths) => Promise.resolve(paths.flatMap(readSource)),
  colours: process.stdout.isTTY && !process.env['NO_COLOR'],
  columns: process.stdout.columns ?? 120,
};

function readSource(named: string): SourceFile[] {
  return filesIn(named).map((file) => ({ uri: uriOf(file), text: readPieces(file), isFromFolder: file !== named }));
}

/** A folder's configuration files, in name order, without hidden folders and node_modules. */
function filesIn(file: string): string[] {
  if (file === '-') return [file];
  const stat = statOf(file);
  if (!stat.isDirectory()) return [file];
  return fs
    .readdirSync(file, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CONFIGURATION_FILE.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter(
      (each) =>
        !path
          .relative(file, each)
          .split(path.sep)
          .some((part) => part.startsWith('.') || part === 'node_modules'),
    )
    .sort();
}

function statOf(file: string): fs.Stats {
  try {
    return fs.statSync(file);
  } catch {
    throw new UsageError(`cannot read ${file}: no such file or folder`);
  }
}

function readText(file: string): string {
  if (file !== '-' && statOf(file).isDirectory()) throw new UsageError(`cannot read ${file}: it is a folder`);
  return reading(file, () => decodeText(fs.readFileSync(file === '-' ? 0 : file)));
}

/** UTF-8, or UTF-16 where a byte order mark tells it (`>` of PowerShell writes that); gzip is unpacked. The mark stays: Envoy's JSON reader refuses it. */
function decodeText(bytes: Buffer): string {
  switch (markOf(bytes)) {
    case GZIP:
      return decodeText(gunzipSync(bytes));
    case UTF16_LITTLE:
      return bytes.toString('utf16le');
    case UTF16_BIG:
      return Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le');
    default:
      return bytes.toString('utf8');
  }
}

const GZIP = 0x1f8b;
const UTF16_LITTLE = 0xfffe;
const UTF16_BIG = 0xfeff;

function markOf(bytes: Buffer): number {
  return bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
}

/** Read in pieces: a string can have about half a billion characters, a dump may have more. */
const PIECE_BYTES = 1 << 24;

function readPieces(file: string): Text {
  if (file === '-' || statOf(file).size < PIECE_BYTES) return textOf(readText(file));
  return reading(file, () => {
    const descriptor = fs.openSync(file, 'r');
    try {
      const decoder = new StringDecoder('utf8');
      const bytes = Buffer.allocUnsafe(PIECE_BYTES);
      const pieces: string[] = [];
      for (;;) {
        const count = fs.readSync(descriptor, bytes, 0, PIECE_BYTES, null);
        if (count === 0) return textOfPieces([...pieces, decoder.end()]);
        if (pieces.length === 0 && [GZIP, UTF16_LITTLE, UTF16_BIG].includes(markOf(bytes))) return textOf(readText(file));
        pieces.push(decoder.write(bytes.subarray(0, count)));
      }
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

function reading<Content>(file: string, read: () => Content): Content {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${messageOfError(error)}`);
  }
}

/** Relative to the working directory, with forward slashes. */
function uriOf(file: string): string {
  if (file === '-') return 'stdin';
  const relative = path.relative(process.cwd(), file);
  return (relative.startsWith('..') && path.isAbsolute(file) ? path.resolve(file) : relative).split(path.sep).join('/');
}

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === 'lsp' && !asksForHelp(args)) return startServer(connectInNode(), nodeHost);
  const { status, output, error } = await runCommandLine(args, host);
  // A closed pipe (`| head`) is no error of ours.
  process.stdout.on('error', () => process.exit(status));
  for (const piece of output) process.stdout.write(piece);
  if (error !== undefined) process.stderr.write(`${error}\n`);
  process.exitCode = status;
}

void main(process.argv.slice(2));
