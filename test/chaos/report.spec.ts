import { commonFigures, hookDelays, percent, percentile } from './figures.js';
import type { History } from './history.js';
import { readOptions } from './options.js';
import { linesOf, tableOf, type RunFacts } from './report.js';
import type { ScenarioResult } from './run-scenario.js';

const RESULT: ScenarioResult = {
  name: 'kill',
  about: 'gateways are killed',
  figures: { requests: 10_000, 'hooks once more': '2.4 %', polls: 7 },
  own: { 'longest stop': '3.4 s' },
  violations: [],
  ms: 61_234,
  postgres: 'PostgreSQL 18.4',
};
const BROKEN: ScenarioResult = {
  ...RESULT,
  name: 'stop',
  violations: [{ rule: 'every task ended', rows: Array.from({ length: 25 }, (_, id) => ({ id })) }],
};
const FACTS: RunFacts = {
  date: '2026-11-22',
  cores: 2,
  node: '20.19.0',
  postgres: 'PostgreSQL 18',
  isCut: true,
  seed: 7,
  settings: { POLL_MIN_MS: '500' },
};

describe('the report', () => {
  it('has a row per scenario, with figures and verdict', () => {
    const lines = tableOf([RESULT, BROKEN], FACTS).split('\n');
    expect(lines[0]).toContain('--cut');
    expect(lines[0]).toContain('seed 7');
    expect(lines.at(-2)).toBe(
      '| `kill` | gateways are killed | hold | 61.2 s | 10,000 |  |  |  |  |  | 2.4 % | longest stop: 3.4 s |',
    );
    expect(lines.at(-1)).toContain('BROKEN: every task ended');
  });

  it('prints the rows that break an invariant, not all of a flood', () => {
    expect(linesOf(BROKEN).filter((line) => line.includes('"id"'))).toHaveLength(20);
    expect(linesOf(RESULT)[0]).toContain('every invariant holds');
    expect(linesOf(RESULT)).toEqual(expect.arrayContaining(['    polls: 7', '    longest stop: 3.4 s']));
  });
});

describe('the figures', () => {
  it.each<[number[], number, number]>([
    [[], 0.95, 0],
    [[5], 0.5, 5],
    [[3, 1, 2], 0.5, 2],
    [Array.from({ length: 100 }, (_, at) => at + 1), 0.95, 95],
  ])('percentile of %j at %d is %d', (values, p, expected) => {
    expect(percentile(values, p)).toBe(expected);
  });

  it('measure the first telling of an end at the receivers that are asked for', () => {
    const end = { seq: 2, terminal: true, isSigned: true };
    const history = {
      clients: [{ request: 0, taskId: '1', tries: 3, ms: 100, last: '' }],
      rows: [{ id: '1', status: 'SUCCESS', failCode: null, finishedAt: 1_000 }],
      arrivals: [
        { ...end, taskId: '1', webhookId: 'msg_1_2', receiver: 'good-1', at: 1_030 },
        { ...end, taskId: '1', webhookId: 'msg_1_2', receiver: 'good-1', at: 9_000 },
      ],
      upstreamTasks: [],
    } as unknown as History;
    expect(hookDelays(history, (name) => name.startsWith('good'))).toEqual([30]);
    expect(hookDelays(history, (name) => name === 'bad')).toEqual([]);
    expect(commonFigures(history)).toMatchObject({ requests: 1, hooks: 1, 'hooks once more': '100.0 %' });
    expect(percent(1, 0)).toBe('0.0 %');
  });
});

describe('the options', () => {
  const names = ['kill', 'stop'];

  it('are those of a full run, all of them, unless told otherwise', () => {
    expect(readOptions([], names, 5)).toEqual({ scenarios: [], cut: false, tasks: null, seed: 5, write: false });
    expect(readOptions(['stop', '--cut', '--tasks', '20', '--seed', '9', '--write'], names, 5)).toEqual({
      scenarios: ['stop'],
      cut: true,
      tasks: 20,
      seed: 9,
      write: true,
    });
  });

  it.each([[['flood']], [['--tasks', '0']], [['--tasks', 'many']], [['--fast']]])('refuse %j', (args) => {
    expect(() => readOptions(args, names, 5)).toThrow();
  });
});
