import { describe, expect, test } from 'vitest';
import { runCommandLine } from '../../../server/src/cli/runCommandLine';
import { whole } from './whole';
import { renderTable } from '../../../server/src/cli/renderTable';
import { VERSION } from '../../../server/src/protocol/version';
import { UsageError, type CommandHost } from '../../../server/src/cli/commandLine';

const FILES: Readonly<Record<string, string>> = {
  'envoy.yaml': `static_resources:
  listeners:
  - name: web
    address: { socket_address: { address: 0.0.0.0, port_value: 80 } }
    filter_chains:
    - filters:
      - name: hcm
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: web
          http_filters: [{ name: router, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router } }]
          route_config:
            name: local
            virtual_hosts:
            - name: shop
              domains: [shop.example]
              routes:
              - { name: old, match: { path: /old }, redirect: { path_redirect: /new } }
              - { name: all, match: { prefix: / }, route: { cluster: shop } }
  clusters:
  - name: shop
    type: STATIC
    load_assignment: { cluster_name: shop, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 10.1.1.1, port_value: 8080 } } } }] }] }
`,
  'secrets.yaml': `static_resources:
  secrets:
  - { name: ca, validation_context: { trusted_ca: { filename: other.txt } } }
  - { name: other, validation_context: { trusted_ca: { filename: gone.pem } } }
`,
  'deep/secrets.yaml': `static_resources:
  secrets:
  - { name: ca, validation_context: { trusted_ca: { filename: near.txt } } }
  - { name: other, validation_context: { trusted_ca: { filename: /near.txt } } }
`,
  'deep/near.txt': 'nothing of ours',
  'ztunnel.json': JSON.stringify({
    workloads: {
      'n/10.1.1.1': {
        workloadIps: ['10.1.1.1'],
        protocol: 'HBONE',
        uid: 'u',
        name: 'shop-1',
        namespace: 'a',
        status: 'Healthy',
        trustDomain: 'cluster.local',
        serviceAccount: 's',
      },
    },
    services: {
      'a/shop': {
        name: 'shop',
        namespace: 'a',
        hostname: 'shop.a.svc.cluster.local',
        vips: ['n/10.96.0.1'],
        ports: { 80: 8080 },
        endpoints: { u: { workloadUid: 'u', port: {} } },
      },
    },
    policies: { 'a/p': { name: 'p', namespace: 'a', scope: 'Namespace', action: 'Deny', rules: [] } },
  }),
  'two.yaml': 'static_resources: {}\n---\nbroken: [\n',
  'broken.json': '{"static_resources": {"clusters": [}}',
  'other.txt': 'nothing of ours',
  'my files/a b#1.yaml': 'static_resources: { clusters: [{ name: a, type: STATICK }] }\n',
  'empty.json': ' \n',
  'bytes.json': '\u0000\u0001',
  'page.html': '<!DOCTYPE html>\n<html><body>Not Found</body></html>',
  'table.txt': 'SERVICE FQDN   PORT   SUBSET   DIRECTION   TYPE   DESTINATION RULE\n',
  'info.json': JSON.stringify({ version: 'c/1.40.0/Clean/RELEASE/BoringSSL', state: 'LIVE', command_line_options: {} }),
  'requests.json': JSON.stringify([
    { connection: { destination: '10.0.0.9:80' }, http: { method: 'GET', authority: 'shop.example', path: '/' } },
  ]),
};

const host: CommandHost = {
  colours: false,
  columns: 120,
  readFile: (path) => {
    const text = FILES[path];
    return text === undefined ? Promise.reject(new UsageError(`cannot read ${path}`)) : Promise.resolve(text);
  },
  exists: (path) => path in FILES,
  readSources: async (paths) => Promise.all(paths.map(async (uri) => ({ uri, text: await host.readFile(uri) }))),
};

const run = async (...args: string[]) => whole(await runCommandLine(args, host));

describe('trace', () => {
  test('one line a hop with its place, the outcome last', async () => {
    const { status, output } = await run('trace', 'envoy.yaml', '--dst', '10.0.0.9:80', '--url', 'http://shop.example/a');
    expect(status).toBe(0);
    expect(output).toMatch(/ envoy\.yaml:\d+ {2}web › host shop › route all › cluster shop › 10\.1\.1\.1:8080\n/);
    expect(output).toContain('=  upstream 10.1.1.1:8080');
  });
  test('--why names the routes that lost', async () => {
    const { output } = await run('trace', 'envoy.yaml', '--dst', '10.0.0.9:80', '--url', 'http://shop.example/a', '--why');
    expect(output).toMatch(/not route `old`/);
  });
  test('--expect decides the exit status', async () => {
    const args = ['trace', 'envoy.yaml', '--dst', '10.0.0.9:80', '--url', 'http://shop.example/old', '--expect'];
    expect((await run(...args, 'redirect')).status).toBe(0);
    expect((await run(...args, 'shop')).status).toBe(1);
  });
  test('an array of requests gives an array of traces', async () => {
    const { output } = await run('trace', 'envoy.yaml', '--request', 'requests.json', '--format', 'json');
    expect(JSON.parse(output)).toMatchObject([{ version: 1, paths: [{ disposition: 'upstream' }] }]);
  });
  test('Mermaid', async () => {
    const { output } = await run('trace', 'envoy.yaml', '--dst', '10.0.0.9:80', '--url', 'http://shop.example/', '--format', 'mermaid');
    expect(output).toMatch(/^flowchart LR\n/);
    expect(output).toContain('cluster shop');
  });
  test.each([
    [['--url', 'https://shop.example/', '--http3'], { transport: 'quic', alpn: ['h3'] }, { path: '/' }],
    [['--url', 'https://shop.example/'], { transport: 'tls', alpn: ['h2', 'http/1.1'] }, { path: '/' }],
    [['--method', 'CONNECT', '--authority', 'shop.example:443'], {}, { path: '' }],
    [['--method', 'CONNECT', '--url', 'http://shop.example/x', '-H', ':protocol: websocket', '--http2'], {}, { path: '/x' }],
  ])('asks as a client does: %j', async (args, connection, http) => {
    const { output } = await run('trace', 'envoy.yaml', '--dst', '10.0.0.9:80', ...args, '--format', 'json');
    expect(JSON.parse(output)).toMatchObject({ request: { connection, http } });
  });

  test('the same input gives the same bytes', async () => {
    const args = ['trace', 'envoy.yaml', '--dst', '10.0.0.9:80', '--url', 'http://shop.example/', '--format', 'json'];
    expect((await run(...args)).output).toBe((await run(...args)).output);
  });
});

describe('links, list, lint', () => {
  test('links as JSON', async () => {
    const { output } = await run('links', 'envoy.yaml', '--format=json');
    const links = JSON.parse(output) as { kind: string; name: string; status: string; to: { pointer: string }[] }[];
    expect(links).toContainEqual(
      expect.objectContaining({
        kind: 'cluster',
        name: 'shop',
        status: 'resolved',
        to: [expect.objectContaining({ pointer: '/static_resources/clusters/0' })],
      }),
    );
  });
  test('list as tables', async () => {
    const { output } = await run('list', 'envoy.yaml', 'routes');
    expect(output).toMatch(/ROUTES +VIRTUAL HOST/);
    expect(output).toContain('prefix /');
    expect(output).not.toContain('ENDPOINTS');
  });
  test('list what a ztunnel knows', async () => {
    const { output } = await run('list', 'ztunnel.json', '--format', 'json');
    expect(JSON.parse(output)).toMatchObject([
      {
        workloads: [{ workload: 'a/shop-1', addresses: '10.1.1.1', protocol: 'HBONE', health: 'healthy' }],
        services: [{ service: 'a/shop.a.svc.cluster.local', addresses: '10.96.0.1', ports: '80 → 8080', endpoints: '1 of 1 healthy' }],
        policies: [{ policy: 'a/p', action: 'Deny', scope: 'Namespace', rules: '0' }],
      },
    ]);
  });
  test('list as JSON', async () => {
    const { output } = await run('list', 'envoy.yaml', 'endpoints', '--format', 'json');
    expect(JSON.parse(output)).toMatchObject([{ endpoints: [{ cluster: 'shop', address: '10.1.1.1:8080' }] }]);
  });
  test('lint of a good file', async () => {
    const { status, output } = await run('lint', 'envoy.yaml');
    expect(output).toContain('0 errors');
    expect(status).toBe(0);
  });
  test('lint tells which files are not there, and takes severities', async () => {
    const { status, output } = await run('lint', 'secrets.yaml');
    expect(output).toContain('secrets.yaml:4:66: information: There is no file "gone.pem" here');
    expect(output).not.toContain('other.txt');
    const { output: deep } = await run('lint', 'deep/secrets.yaml');
    expect(deep).not.toContain('"near.txt"');
    expect(deep).toContain('"/near.txt"');
    expect(status).toBe(0);
    expect(await run('lint', 'secrets.yaml', '--severity', 'missing-file=error')).toMatchObject({ status: 1 });
    expect((await run('lint', 'secrets.yaml', '--severity=missing-file=off')).output).not.toContain('gone.pem');
  });
  test('Envoy reads the first document of a bootstrap: what is broken later is a warning', async () => {
    const { status, output } = await run('lint', 'two.yaml');
    expect(output).toContain('warning');
    expect(status).toBe(0);
  });
  test.each(['text', 'json', 'sarif'])('lint of a broken file as %s', async (format) => {
    const { status, output } = await run('lint', 'broken.json', '--format', format);
    expect(output).toContain('syntax');
    expect(output).toContain('not closed');
    expect(status).toBe(1);
  });
});

test.each(['list', 'trace'])('%s names the place where a file is broken', async (command) => {
  const { status, error } = await run(command, 'broken.json', 'envoy.yaml');
  expect(status).toBe(0);
  expect(error).toMatch(/^envoy-lens: broken\.json:1:\d+: .* not closed/);
});

describe('bad usage is one line and status 2', () => {
  test.each([
    [['trace', '--nonsense', 'envoy.yaml'], 'unknown option --nonsense'],
    [['trace'], 'at least one file'],
    [['trace', 'missing.yaml', '--url', 'http://a/'], 'cannot read missing.yaml'],
    [['trace', 'envoy.yaml', '--format', 'xml'], '--format must be one of'],
    [['trace', 'envoy.yaml', '--random', '-1'], '--random must be a whole number'],
    [['trace', 'other.txt', '--url', 'http://a/'], 'envoy-lens: no Envoy or Istio configuration was found in other.txt'],
    [['lint', 'envoy.yaml', '--severity', 'missing-file=loud'], '--severity takes CODE=error|warning|information|hint|off'],
    [['lint', 'envoy.yaml', '--severity', 'shadowed-rout=off'], 'there is no diagnostic shadowed-rout; did you mean shadowed-route?'],
    [['nonsense'], 'unknown command nonsense'],
    [['trase', 'envoy.yaml'], 'unknown command trase; did you mean trace?; try envoy-lens --help'],
    [['trace', 'envoy.yaml', '--Methot', 'GET'], 'unknown option --Methot; did you mean --method?'],
    [['trace', 'envoy.yaml', '--constructor'], 'unknown option --constructor'],
    [['trace', 'envoy.yaml', '--http1', '--http2', '--url', 'http://a/'], '--http1 and --http2 cannot be given together'],
    [['trace', 'envoy.yaml', '--tcp', '-Ha: b'], '--tcp asks without HTTP: -H cannot be given with it'],
    [['trace', 'envoy.yaml', '--request', 'requests.json', '--url', 'http://a/'], '--request says the whole request: --url cannot be'],
    [['trace', 'envoy.yaml', '--url', 'http://a:65536/'], '--url is not an http or https URL'],
    [['trace', 'empty.json', '--url', 'http://a/'], 'was found in empty.json: it is empty'],
    [['trace', 'bytes.json', '--url', 'http://a/'], 'was found in bytes.json: it is no text in UTF-8 or UTF-16'],
    [['trace', 'page.html', '--url', 'http://a/'], 'was found in page.html: it begins with "<!DOCTYPE html>"'],
    [['list', 'table.txt'], 'was found in table.txt: This is a table that istioctl prints'],
    [['list', 'info.json'], 'was found in info.json: An Envoy 1.40.0 in the state LIVE (/server_info)'],
    [['list', 'page.html', 'empty.json'], 'page.html: it begins with "<!DOCTYPE html>"; empty.json: it is empty'],
  ])('%j', async (args, message) => {
    const { status, error } = await run(...args);
    expect(status).toBe(2);
    expect(error).toContain(message);
    expect(error).not.toContain('\n');
  });
});

test.each(['trace', 'list', 'links', 'lint'])('%s --help tells the options of the command', async (command) => {
  const { status, output } = await run(command, 'envoy.yaml', '--help');
  expect(status).toBe(0);
  expect(output).toContain(`Usage: envoy-lens ${command} FILE`);
  expect(await run('help', command)).toEqual({ status, output });
});

test.each(['trace', 'list', 'links', 'lint'])('%s tells that a file named beside others holds nothing of ours', async (command) => {
  const { status, error } = await run(command, 'envoy.yaml', 'page.html');
  expect(status).toBe(0);
  expect(error).toBe('envoy-lens: page.html holds no Envoy or Istio configuration: it begins with "<!DOCTYPE html>"');
});

test('an option of one letter takes its value in the same word, as in curl', async () => {
  const { output } = await run('trace', 'envoy.yaml', '--dst', '10.0.0.9:80', '-HHost: shop.example', '--expect', 'shop');
  expect(output).toContain('host shop');
});

test('--expect tells what came instead, and warnings stay', async () => {
  const { status, error } = await run(
    'trace',
    'envoy.yaml',
    'page.html',
    '--dst',
    '10.0.0.9:80',
    '--url',
    'http://shop.example/',
    '--expect',
    'no_route',
  );
  expect(status).toBe(1);
  expect(error).toMatch(/^envoy-lens: page\.html holds no .*\nenvoy-lens: expected no_route, not upstream 10\.1\.1\.1:8080 by shop$/);
});

test('a request without a host does not look as if its path were one', async () => {
  const { output } = await run('trace', 'envoy.yaml', '--path', '/a');
  expect(output).toMatch(/^GET \/a\n/);
});

test('a port that TCP has not got is no destination', async () => {
  const { output } = await run('trace', 'envoy.yaml', '--authority', '10.0.0.9:99999');
  expect(output).toContain('missing: the destination of `10.0.0.9:99999`');
});

test('a table of a hundred thousand rows is printed, and one long name pushes nothing else aside', () => {
  const table = renderTable(['A', 'B'], [['n'.repeat(1_000), 'x'], ['用户', 'y'], ...Array.from({ length: 150_000 }, () => ['a', 'b'])]);
  const lines = table.split('\n');
  expect(lines).toHaveLength(150_004);
  expect(lines[0]).toBe(`A${' '.repeat(199)}  B`);
  expect(lines[2]).toBe(`用户${' '.repeat(196)}  y`);
});

test('SARIF names files by URI references', async () => {
  const { output } = await run('lint', 'my files/a b#1.yaml', '--format', 'sarif');
  expect(output).toContain('"uri": "my%20files/a%20b%231.yaml"');
});

test('SARIF says how columns are counted, and which version found the problems', async () => {
  const { output } = await run('lint', 'broken.json', '--format', 'sarif');
  expect(JSON.parse(output)).toMatchObject({
    version: '2.1.0',
    runs: [{ columnKind: 'utf16CodeUnits', tool: { driver: { version: VERSION } } }],
  });
});

test.each(['--version', '-v'])('%s prints the version of the package', async (option) => {
  expect(await run(option)).toEqual({ status: 0, output: `envoy-lens ${VERSION}\n` });
  expect(VERSION).toMatch(/^\d+\.\d+\.\d+/);
});
