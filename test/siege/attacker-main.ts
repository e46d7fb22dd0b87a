import { ATTACKS } from './attacks.js';
import type { Target } from './attack.js';

/** Runs one attack in a process of its own, so that neither the good client nor the judge is slowed by it. */
const [name = '', settings = '{}'] = process.argv.slice(2);
const attack = ATTACKS.find((one) => one.name === name);
// Sockets of an attack break all the time, wherever it is with them.
process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);
const seen = await (attack?.run(JSON.parse(settings) as Target) ?? Promise.resolve('no such attack'));
process.send?.(seen, () => process.exit(0));
