// Looks over the extension's shoulder from within its host, so that what is measured is what is shipped: when its code is loaded and
// activated, when its server starts, and every message between the two.
const childProcess = require('node:child_process');
const Module = require('node:module');
const path = require('node:path');
const { note } = require('./note.cjs');

exports.watchExtension = () => {
  watchActivation();
  watchServer();
};

function watchActivation() {
  const load = Module._load;
  Module._load = function (request, ...rest) {
    if (!/envoy-lens[^/\\]*[/\\]dist[/\\]client(\.js)?$/.test(request)) return load.call(this, request, ...rest);
    note('client code wanted');
    const loaded = load.call(this, request, ...rest);
    note('client code loaded');
    const activate = (...args) => {
      note('activation begins');
      const result = loaded.activate(...args);
      note('activation ends');
      return result;
    };
    return { ...loaded, activate };
  };
}

function watchServer() {
  const fork = childProcess.fork;
  childProcess.fork = (module, args, options) => {
    if (!/dist[/\\]server\.js$/.test(module)) return fork(module, args, options);
    note('server wanted');
    const preload = ['--require', path.join(__dirname, 'watchServer.cjs')];
    const child = fork(module, args, { ...options, execArgv: [...(options?.execArgv ?? []), ...preload] });
    const send = child.send;
    child.send = (message, ...rest) => {
      note(`client sends ${nameOf(message)}`);
      const result = send.call(child, message, ...rest);
      note(`client has sent ${nameOf(message)}`);
      return result;
    };
    child.on('message', (message) => note(`client gets ${nameOf(message)}`));
    return child;
  };
}

function nameOf({ method, id, result, error }) {
  if (method !== undefined) return id === undefined ? method : `${method}#${id}`;
  return `${error ? 'an error' : Array.isArray(result) ? `${result.length} results` : 'a result'}#${id}`;
}
