import { parseArgs } from 'node:util';

export const SEED_USAGE = 'npm run seed -- [--tasks 100000] [--days 90] [--force]';
const MOST_TASKS = 20_000_000;
const MOST_DAYS = 1_000;

/** @throws Error for an unknown option or a number out of range */
export function readSeedOptions(args: readonly string[]): { tasks: number; days: number; force: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      tasks: { type: 'string', default: '100000' },
      days: { type: 'string', default: '90' },
      force: { type: 'boolean', default: false },
    },
  });
  return {
    tasks: numberOf('--tasks', values.tasks, MOST_TASKS),
    days: numberOf('--days', values.days, MOST_DAYS),
    force: values.force,
  };
}

function numberOf(name: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) throw new Error(`${name} must be from 1 to ${most}`);
  return number;
}
