import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { EXIT, runAdmin } from './admin-program.js';
import { configurationOfProcess } from './config/admin-config.js';

// A reader of our output that goes away (`npm run admin … | head`) is no fault.
process.stdout.on('error', () => process.exit(EXIT.done));

const words = process.argv.slice(2);
const wantsHelp = words.length === 0 || words.some((word) => word === '--help' || word === '-h' || word === 'help');
const configuration = configurationOfProcess();
if (configuration.kind === 'wrong' && !wantsHelp) {
  for (const mistake of configuration.mistakes) process.stderr.write(`${mistake}\n`);
  process.exit(EXIT.usage);
}

process.exitCode = await runAdmin({
  // Help needs no gateway.
  config: configuration.kind === 'ok' ? configuration.config : { url: '', adminKey: '' },
  words,
  say: (words) => void process.stdout.write(words),
  warn: (words) => void process.stderr.write(words),
  readFile: (path) => (path === '-' ? text(process.stdin) : readFile(path, 'utf8')),
});
