/** Where the oracles are: `ENVOY_LENS_ORACLES` or ../shared/oracles, and always our own small cases of the same layout. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const REPOSITORY = resolve(import.meta.dirname, '../..');

export interface OracleFolder {
  /** Example: `own`, `shared` */
  readonly name: string;
  readonly path: string;
}

const OWN_FOLDER: OracleFolder = { name: 'own', path: join(import.meta.dirname, 'own') };

/** The folder of kept cases. */
const SHARED_FOLDER: OracleFolder = { name: 'shared', path: resolve(sharedPath()) };

/** Both folders, those that exist. */
export function oracleFolders(): OracleFolder[] {
  return [OWN_FOLDER, SHARED_FOLDER].filter(({ path }) => existsSync(path));
}

function sharedPath(): string {
  const given = process.env['ENVOY_LENS_ORACLES'];
  return given ? resolve(REPOSITORY, given) : join(process.env['ENVOY_LENS_SHARED'] ?? join(REPOSITORY, '../shared'), 'oracles');
}

/** An oracle file: where it is, and its name in reports (`shared/routes.json`). */
export interface OracleFile {
  readonly folder: OracleFolder;
  readonly path: string;
  readonly name: string;
}

/** The file at a path below each folder, where it is. */
export function findOracleFiles(path: string): OracleFile[] {
  return oracleFolders()
    .map((folder) => oracleFile(folder, join(folder.path, path)))
    .filter((file) => existsSync(file.path));
}

/** The files of a directory below each folder that end in `suffix`, by name. */
export function listOracleFiles(directory: string, suffix: string): OracleFile[] {
  return oracleFolders().flatMap((folder) => {
    const path = join(folder.path, directory);
    if (!existsSync(path)) return [];
    const names = readdirSync(path).filter((name) => name.endsWith(suffix));
    return names.sort().map((name) => oracleFile(folder, join(path, name)));
  });
}

/** The directories below a directory of each folder. */
export function listOracleDirectories(directory: string): OracleFile[] {
  return oracleFolders().flatMap((folder) => {
    const path = join(folder.path, directory);
    if (!existsSync(path)) return [];
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return entries.map(({ name }) => oracleFile(folder, join(path, name)));
  });
}

/** The callers say what shape the file has. */
export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** One JSON value a line. */
export function readJsonLines(path: string): unknown[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line): unknown => JSON.parse(line));
}

function oracleFile(folder: OracleFolder, path: string): OracleFile {
  return { folder, path, name: `${folder.name}/${relative(folder.path, path)}` };
}
