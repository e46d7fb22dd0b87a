import { sized, type Attack, type Target } from '../attack.js';
import { ask, crowdAddress, requestText, tally, withKey } from '../sockets.js';

const JSON_HEADERS = { 'content-type': 'application/json', connection: 'close' };

/** So many requests, some at once; gives how often each status came. */
async function flood(
  target: Target,
  count: number,
  atOnce: number,
  textOf: (number: number) => string,
): Promise<string> {
  const lines: string[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const number = next;
      next += 1;
      lines.push(await ask(target, textOf(number), crowdAddress(number % 50)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return tally(lines);
}

const listByState: Attack = {
  name: 'list-by-state',
  about: 'A key with most of the seeded tasks asks 80 at a time for states that no task has.',
  limitMs: 240_000,
  run: (target) =>
    flood(target, sized(target, 800, 240), 80, (number) => {
      const filters = [
        `state=nobody-${number}`,
        `action=SWAP_FACE&mode=TURBO&state=x${number}`,
        'status=MODAL&mode=RELAX',
      ];
      return requestText('GET', `/mj/task/list?limit=100&${filters[number % filters.length] ?? ''}`, {
        ...withKey(target),
        connection: 'close',
      });
    }),
};

const fatList: Attack = {
  name: 'fat-list',
  about: 'Lists of 10,000 tasks of the largest size, several at once.',
  limitMs: 240_000,
  run: (target) =>
    flood(target, sized(target, 24, 6), 6, () =>
      requestText(
        'POST',
        '/mj/task/list-by-condition',
        { ...withKey(target), ...JSON_HEADERS },
        JSON.stringify({ ids: target.fatIds }),
      ),
    ),
};

const wrongKeys: Attack = {
  name: 'wrong-keys',
  about: 'Tens of thousands of requests with keys that do not exist, of clients and of admins.',
  limitMs: 180_000,
  run: (target) =>
    flood(target, sized(target, 30_000, 6_000), 40, (number) =>
      requestText('GET', number % 3 === 0 ? '/admin/keys' : '/mj/task/list', {
        authorization: `Bearer sk-${String(number).padStart(48, 'x')}`,
        connection: 'close',
      }),
    ),
};

const guesses: Attack = {
  name: 'guesses',
  about: 'Thousands of guessed picture ids, push tokens and task ids.',
  limitMs: 180_000,
  run: (target) =>
    flood(target, sized(target, 20_000, 4_000), 40, (number) => {
      const id = 6_000_000_000_000_000 + number;
      if (number % 3 === 0) return requestText('GET', `/mj/image/${id}`, { connection: 'close' });
      if (number % 3 === 1)
        return requestText('GET', `/mj/task/${id}/fetch`, { ...withKey(target), connection: 'close' });
      return requestText('POST', `/mj/notify/${id}-${'a'.repeat(32)}`, JSON_HEADERS, '{"id":"1","status":"SUCCESS"}');
    }),
};

export const READS: readonly Attack[] = [listByState, fatList, wrongKeys, guesses];
