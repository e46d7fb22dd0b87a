import type { Arrival, History, TaskRow } from './history.js';
import { countExtras, findGivenUp, findTooManyUnknown, findViolations } from './invariants.js';

const ROW: TaskRow = {
  id: '1',
  action: 'IMAGINE',
  status: 'SUCCESS',
  prompt: 'a red cat, number 0',
  failCode: null,
  refused: false,
  upstreamTaskId: 'up-1',
  resends: 0,
  failedIds: [],
  price: 0.1,
  cost: 0.1,
  hasHook: true,
  finishedAt: 1_000,
  upstreamKind: 'midjourney-proxy',
  timeline: null,
};
const GIVEN_UP: TaskRow = { ...ROW, status: 'FAILURE', failCode: 'outcome_unknown', upstreamTaskId: null, cost: 0 };
const HOOK: Arrival = {
  taskId: '1',
  seq: 3,
  webhookId: 'msg_1_3',
  terminal: true,
  isSigned: true,
  receiver: 'good-0',
  leak: null,
  at: 1_010,
};

/** One task that went well, and what differs. */
function aHistory(changes: Partial<History> = {}): History {
  return {
    clients: [{ request: 0, taskId: '1', tries: 1, ms: 20, last: '' }],
    rows: [ROW],
    submits: new Map([['jm:1', 1]]),
    upstreamTasks: [{ id: 'up-1', kind: 'midjourney-proxy', mark: 'jm:1', prompt: 'a red cat, number 0' }],
    arrivals: [{ ...HOOK, seq: 1, webhookId: 'msg_1_1', terminal: false, at: 500 }, HOOK],
    exits: [],
    audit: {},
    postgres: '',
    ...changes,
  };
}

const brokenRules = (changes: Partial<History>): string[] => findViolations(aHistory(changes)).map(({ rule }) => rule);

describe('the invariants', () => {
  it('hold for a task that went well', () => {
    expect(findViolations(aHistory())).toEqual([]);
  });

  it('hold for a task whose outcome stayed unknown: worked on or not, it was refunded and told', () => {
    expect(findViolations(aHistory({ rows: [GIVEN_UP] }))).toEqual([]);
    expect(findGivenUp(aHistory({ rows: [GIVEN_UP] }))).toHaveLength(1);
    expect(findViolations(aHistory({ rows: [GIVEN_UP], upstreamTasks: [] }))).toEqual([]);
    expect(findGivenUp(aHistory({ rows: [GIVEN_UP], upstreamTasks: [] }))).toEqual([]);
  });

  it('hold for a task that was sent again after its upstream was proven not to have taken it', () => {
    const rows = [{ ...ROW, resends: 1 }];
    expect(brokenRules({ rows, submits: new Map([['jm:1', 2]]) })).toEqual([]);
    expect(brokenRules({ rows, submits: new Map([['jm:1', 3]]) })).toHaveLength(1);
  });

  it('hold for a task that failed and was tried again, as often as it was', () => {
    const rows = [{ ...ROW, failedIds: ['up-0'] }];
    const [work] = aHistory().upstreamTasks;
    const upstreamTasks = [
      { id: 'up-0', kind: 'midjourney-proxy', mark: 'jm:1', prompt: work?.prompt ?? '' },
      ...aHistory().upstreamTasks,
    ];
    expect(brokenRules({ rows, upstreamTasks, submits: new Map([['jm:1', 2]]) })).toEqual([]);
    expect(brokenRules({ upstreamTasks, submits: new Map([['jm:1', 2]]) })).toHaveLength(3);
  });

  it('hold for so many unknown outcomes as are allowed', () => {
    const rows = [GIVEN_UP, ...Array.from({ length: 99 }, () => ROW)];
    expect(findTooManyUnknown(aHistory({ rows }), 0.01)).toEqual([]);
    expect(findTooManyUnknown(aHistory({ rows: [...rows, GIVEN_UP] }), 0.01)).toMatchObject([
      { rows: [GIVEN_UP, GIVEN_UP] },
    ]);
  });

  it('hold for a request that was never promised anything', () => {
    const clients = [{ request: 0, taskId: null, tries: 9, ms: 120_000, last: '503' }];
    expect(
      findViolations(aHistory({ clients, rows: [], upstreamTasks: [], submits: new Map(), arrivals: [] })),
    ).toEqual([]);
  });

  it.each<[string, Partial<History>]>([
    ['every acknowledged task has a row that ended', { rows: [], upstreamTasks: [], submits: new Map(), arrivals: [] }],
    ['every task ended', { rows: [ROW, { ...ROW, id: '2', finishedAt: null, hasHook: false, status: 'IN_PROGRESS' }] }],
    [
      'a task is sent to the upstream once, and again only once proven not taken, or failed',
      { submits: new Map([['jm:1', 2]]) },
    ],
    [
      'a request of a client is work for the upstream at most once',
      {
        rows: [ROW, { ...ROW, id: '2', upstreamTaskId: 'up-2', hasHook: false }],
        upstreamTasks: [
          { id: 'up-1', kind: 'midjourney-proxy', mark: 'jm:1', prompt: 'a red cat, number 0' },
          { id: 'up-2', kind: 'midjourney-proxy', mark: 'jm:2', prompt: 'a red cat, number 0' },
        ],
      },
    ],
    [
      'the upstream does no work that no row knows of',
      {
        upstreamTasks: [
          { id: 'up-1', kind: 'midjourney-proxy', mark: 'jm:1', prompt: 'a red cat, number 0' },
          { id: 'up-2', kind: 'midjourney-proxy', mark: 'jm:2', prompt: 'a red cat, number 1' },
        ],
      },
    ],
    [
      'the upstream does no work that no row knows of',
      { upstreamTasks: [{ id: 'up-9', kind: 'midjourney-proxy', mark: 'jm:1', prompt: 'a red cat, number 0' }] },
    ],
    ['a success costs its price, a failure nothing', { rows: [{ ...GIVEN_UP, cost: 0.1 }] }],
    ['a success costs its price, a failure nothing', { rows: [{ ...ROW, cost: 0 }] }],
    ['the end of every task is told to its receiver', { arrivals: [] }],
    ['the end of every task is told to its receiver', { arrivals: [{ ...HOOK, terminal: false }] }],
    ['every hook is signed', { arrivals: [{ ...HOOK, isSigned: false }] }],
    ['after the end of a task nothing older is told', { arrivals: [HOOK, { ...HOOK, seq: 2, terminal: false }] }],
    ['no gateway ends by itself', { exits: [{ process: 'gateway 1', how: 'code 1', output: '' }] }],
    ['slots are what tasks hold', { audit: { 'slots are what tasks hold': [{ running: 1, held: 0 }] } }],
  ])('%s', (rule, changes) => {
    expect(brokenRules(changes)).toEqual([rule]);
  });

  it('allow the end to be told again', () => {
    const arrivals = [HOOK, HOOK];
    expect(findViolations(aHistory({ arrivals }))).toEqual([]);
    expect(countExtras(arrivals)).toEqual({ extra: 1, different: 1 });
  });
});
