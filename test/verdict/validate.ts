/** Asks a real Envoy for its verdict: `envoy --mode validate`. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Spelling } from './judge';

export type EnvoyVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** It crashed or hung: a defect of Envoy, and no verdict. */
  | { readonly kind: 'none'; readonly reason: string };

const PROCESSES = 3;
const TIME_LIMIT = 10_000;

/** The verdicts, in the order of the configurations. What was asked before is remembered in the folder. */
export async function validateAll(envoy: string, folder: string, configs: readonly Spelling[]): Promise<EnvoyVerdict[]> {
  mkdirSync(folder, { recursive: true });
  const known = readKnown(folder);
  const verdicts: EnvoyVerdict[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < configs.length; at = next++) {
      const { text, language } = configs[at] ?? { text: '', language: 'json' };
      const key = createHash('sha1').update(text).digest('base64');
      const verdict = known.get(key) ?? (await ask(envoy, join(folder, `config-${at}.${language}`), text));
      verdicts[at] = verdict;
      known.set(key, verdict);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  writeFileSync(join(folder, KNOWN), JSON.stringify([...known]));
  return verdicts;
}

const KNOWN = 'verdicts.json';

function readKnown(folder: string): Map<string, EnvoyVerdict> {
  const path = join(folder, KNOWN);
  return new Map(existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as [string, EnvoyVerdict][]) : []);
}

async function ask(envoy: string, path: string, text: string): Promise<EnvoyVerdict> {
  writeFileSync(path, text);
  const verdict = await validate(envoy, path);
  rmSync(path);
  return verdict;
}

/** Runs where the configurations lie: Envoy opens the log files that they name. */
function validate(envoy: string, path: string): Promise<EnvoyVerdict> {
  return new Promise((resolve) => {
    execFile(
      envoy,
      ['--mode', 'validate', '-c', path, '-l', 'critical'],
      { timeout: TIME_LIMIT, cwd: dirname(path) },
      (error, stdout, stderr) => {
        if (!error) resolve({ kind: 'accepted' });
        else if (error.code === 1) resolve({ kind: 'refused', reason: reasonOf(`${stdout}\n${stderr}`, path) });
        else resolve({ kind: 'none', reason: `${error.code ?? error.signal ?? ''} ${stderr.slice(0, 200)}` });
      },
    );
  });
}

/** Envoy's words without the name of the file. */
function reasonOf(output: string, path: string): string {
  return output
    .replaceAll(path, 'CONFIG')
    .replace(/^[\s\S]*?error initializing config(?:uration)? '.*?': ?/u, '')
    .replace(/^\s*\[.*?\]\[.*?\]\[.*?\]\[.*?\] \[.*?\] /u, '')
    .trim();
}
