// extensionTestsPath in the Node extension host; ENVOY_LENS_SUITE names another suite than the first.
const path = require('node:path');
const Mocha = require('mocha').default ?? require('mocha');

exports.run = () =>
  new Promise((done, fail) =>
    new Mocha({ ui: 'bdd', color: false, timeout: 60000 })
      .addFile(path.join(__dirname, `${process.env.ENVOY_LENS_SUITE ?? 'suite'}.cjs`))
      .run((failures) => (failures ? fail(new Error(`${failures} tests failed`)) : done())),
  );
