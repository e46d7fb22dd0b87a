import type { Snapshot } from '#libs/upstream';
import { aSnapshot } from '../../test/a-snapshot.js';
import { protocolWarningsOf, ProtocolWarnings } from './protocol-warnings.js';
import type { Task } from '../task/task.entity.js';

type Asked = Pick<Task, 'upstreamTaskId' | 'status' | 'progress'>;
const TASK: Asked = { upstreamTaskId: 'up-1', status: 'IN_PROGRESS', progress: 40 };
const of = (task: Partial<Asked>, ...snapshots: Partial<Snapshot>[]): string[] => [
  ...protocolWarningsOf([{ ...TASK, ...task }], snapshots.map(aSnapshot)),
];

describe('the deviations of an answer', () => {
  it('are none when each task comes at most once and has not gone back', () => {
    expect(of({}, { progress: 40 })).toEqual([]);
    expect(of({}, { progress: null })).toEqual([]);
    expect(of({})).toEqual([]);
    expect(of({ status: 'SUBMITTED', progress: 0 }, { status: 'NOT_START', progress: 0 })).toEqual([]);
  });

  it.each(['SUCCESS', 'FAILURE', 'CANCEL'] as const)('do not include a %s without progress', (status) => {
    expect(of({}, { status, progress: 0 })).toEqual([]);
  });

  it.each<[string, Partial<Snapshot>[]]>([
    ['foreign', [{ upstreamTaskId: 'another' }]],
    ['duplicate', [{}, {}]],
    ['unknown_status', [{ status: null }]],
    ['regressing', [{ progress: 20 }]],
    ['regressing', [{ status: 'SUBMITTED', progress: 40 }]],
    ['regressing', [{ status: 'MODAL', progress: null }]],
  ])('include %s', (warning, snapshots) => {
    expect(of({}, ...snapshots)).toEqual([warning]);
  });
});

describe('ProtocolWarnings', () => {
  const lines: string[] = [];
  let now = 0;
  const log = new ProtocolWarnings(
    (line) => lines.push(line),
    () => now,
  );
  const first = { id: '1', name: 'first', kind: 'midjourney-proxy' as const };
  const second = { id: '2', name: 'second', kind: 'midjourney-proxy' as const };
  beforeEach(() => lines.splice(0));

  it('logs each deviation of each upstream once, for as long as it lasts', () => {
    for (let minute = 0; minute < 60; minute += 1) {
      now = minute * 60_000;
      log.note(first, ['foreign', 'duplicate']);
      log.note(second, ['foreign']);
    }
    expect(lines).toEqual([
      expect.stringMatching(/first .*not asked for/),
      expect.stringMatching(/first .*more than once/),
      expect.stringMatching(/second .*not asked for/),
    ]);
  });

  it('logs a deviation again when it comes back after it had stopped', () => {
    now += 600_000;
    log.note(first, ['foreign']);
    expect(lines).toEqual([]);
    now += 600_001;
    log.note(first, ['foreign']);
    expect(lines).toHaveLength(1);
  });
});
