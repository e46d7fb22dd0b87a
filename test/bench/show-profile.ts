import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sharesOf, type CpuProfile, type ProfileLine } from './cpu-profile.js';

/** Prints where each profile of a folder says the time went: `node dist/test/bench/show-profile.js <folder>`. */
const SHOWN = 30;

const [, , folder = '.'] = process.argv;
const lines = (shares: readonly ProfileLine[]): string =>
  shares
    .slice(0, SHOWN)
    .map(({ what, share }) => `${(share * 100).toFixed(1).padStart(5)} %  ${what}\n`)
    .join('');

for (const name of (await readdir(folder)).filter((file) => file.endsWith('.cpuprofile')).sort()) {
  const { places, functions } = sharesOf(JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile);
  process.stdout.write(`${name}\n${lines(places)}\n${lines(functions)}\n`);
}
