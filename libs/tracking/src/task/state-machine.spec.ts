import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { isTerminal, TASK_STATUSES, type TaskStatus } from '#libs/wire';
import { aConfirmedModal, aFollowedTask, aTask, aWaitingTask, aModal, SUBMITTED_AT } from '../../test/a-task.js';
import { randomEvents } from '../../test/random-event.js';
import { EVENT_KINDS, type EventKind } from './event-kinds.js';
import type { Task } from './task.entity.js';

interface Row {
  from: ReadonlySet<TaskStatus>;
  to: ReadonlySet<TaskStatus>;
  staysPut: boolean;
  kind: EventKind;
  files: string[];
}

const ROOT = resolve(import.meta.dirname, '../../../..');
const UNFINISHED = TASK_STATUSES.filter((status) => !isTerminal(status));

function statusesIn(cell: string): ReadonlySet<TaskStatus> {
  const words = cell.split(/,\s*/);
  const named = TASK_STATUSES.filter((status) => words.includes(status));
  return new Set([
    ...named,
    ...(words.includes('unfinished') ? UNFINISHED : []),
    ...(words.includes('any') ? TASK_STATUSES : []),
  ]);
}

function rowsOf(page: string): Row[] {
  const lines = page.split('\n').filter((line) => /^\| .* \| `[a-z_]+` /.test(line));
  return lines.map((line) => {
    const [from = '', to = '', kind = '', , by = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return {
      from: statusesIn(from),
      to: statusesIn(to),
      staysPut: to.split(/,\s*/).includes('the same'),
      kind: kind.replaceAll('`', '') as EventKind,
      files: [...by.matchAll(/`([^`]+\.ts)`/g)].map(([, file = '']) => file),
    };
  });
}

describe('docs/state-machine.md', () => {
  const page = readFileSync(resolve(ROOT, 'docs/state-machine.md'), 'utf8');
  const rows = rowsOf(page);

  it('has a row for each kind of event, and no other', () => {
    expect(rows.map(({ kind }) => kind).sort()).toEqual([...EVENT_KINDS].sort());
  });

  it.each(rows.map(({ kind, files }) => [kind, files] as const))('names where %s is decided', (kind, files) => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(readFileSync(resolve(ROOT, 'libs/tracking/src', file), 'utf8')).toContain(`'${kind}'`);
    }
  });

  it('draws no event that is not in the table', () => {
    const drawn = [...page.matchAll(/^ {2}\S+ --> \S+: (.+)$/gm)].flatMap(([, label = '']) => label.split(', '));
    const words = drawn.filter((word) => !['no slot free', 'slot taken'].includes(word));
    expect(words.length).toBeGreaterThan(20);
    for (const word of words) expect(EVENT_KINDS).toContain(word);
  });

  it.each<[string, () => Task]>([
    ['is being sent', aTask],
    ['waits', aWaitingTask],
    ['is being worked on', aFollowedTask],
    ['may be sent again', () => aFollowedTask({ retries: 2, retriesLeft: 2 })],
    ['is a modal', aModal],
    ['is a confirmed modal', aConfirmedModal],
  ])('has every transition that random events cause of a task that %s', (_, start) => {
    const missing = new Set<string>();
    fc.assert(
      fc.property(randomEvents, (events) => {
        const task = start();
        let now = SUBMITTED_AT.getTime();
        for (const { event, afterMs } of events) {
          now += afterMs;
          const from = task.status;
          const change = task.on(event, new Date(now));
          for (const { kind } of change?.timeline ?? []) {
            const row = rows.find((one) => one.kind === kind);
            const isTold =
              row?.from.has(from) === true && (row.to.has(task.status) || (row.staysPut && task.status === from));
            if (!isTold) missing.add(`${from} → ${task.status}: ${kind}`);
          }
        }
      }),
      { numRuns: 1_000 },
    );
    expect([...missing]).toEqual([]);
  });
});
