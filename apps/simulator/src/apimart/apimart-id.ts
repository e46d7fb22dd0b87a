import { randomInt } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LETTERS = 10;
const CHANCE_LETTERS = 16;

/** `task_` and a ULID: 48 bits of epoch ms and 80 bits by chance, in Crockford's base 32. */
export function newApimartId(now: number): string {
  let time = '';
  for (let rest = now; time.length < TIME_LETTERS; rest = Math.floor(rest / 32)) time = letter(rest % 32) + time;
  const chance = Array.from({ length: CHANCE_LETTERS }, () => letter(randomInt(32)));
  return `task_${time}${chance.join('')}`;
}

const letter = (value: number): string => CROCKFORD[value] ?? '0';
