#!/usr/bin/env node
// Plain JavaScript that old versions of Node can parse, so that they get a sentence instead of a syntax error.
var parts = process.versions.node.split('.').map(Number);
if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  console.error('mongo-course needs Node.js 20.19 or later; this is ' + process.versions.node + '.');
  console.error('Install a current version from https://nodejs.org/ and try again.');
  process.exit(3);
}
start();

function start() {
  try {
    require('../dist/start.cjs').main(process.argv.slice(2));
  } catch (error) {
    if (error && /^(MODULE_NOT_FOUND|ENOENT)$/.test(error.code) && /dist.(start|program)\.cjs/.test(String(error.message))) {
      console.error('mongo-course has not been built yet. Run "npm run build" in its folder first.');
    } else {
      console.error("mongo-course can't start: " + (error && error.message) + '.');
      console.error('Install it again; with --debug it shows where this came from.');
    }
    if (process.argv.includes('--debug')) console.error(error);
    process.exit(3);
  }
}
