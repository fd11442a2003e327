// extensionTestsPath in the Node extension host.
const path = require('node:path');
const Mocha = require('mocha').default ?? require('mocha');

exports.run = () =>
  new Promise((done, fail) =>
    new Mocha({ ui: 'bdd', color: false, timeout: 60000 })
      .addFile(path.join(__dirname, 'suite.cjs'))
      .run((failures) => (failures ? fail(new Error(`${failures} tests failed`)) : done())),
  );
