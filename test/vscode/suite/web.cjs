// extensionTestsPath in a browser worker, where `require` knows only 'vscode': bundled into one file.
require('mocha/mocha.js'); // the browser build: sets globalThis.mocha

const run = () =>
  new Promise((done, fail) => {
    // The default reporter writes into a document, which a worker has not.
    globalThis.mocha.setup({ ui: 'bdd', reporter: 'spec', color: false, timeout: 60000 });
    require('./suite.cjs');
    globalThis.mocha.run((failures) => (failures ? fail(new Error(`${failures} tests failed`)) : done()));
  });

// Not `exports.run =`: in the bundle mocha has put itself into module.exports.
module.exports = { run };
