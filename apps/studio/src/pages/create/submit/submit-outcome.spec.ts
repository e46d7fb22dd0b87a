/** @jest-environment jsdom */
import { outcomeOf } from './submit-outcome.ts';

const reply = (code: number, changes: object = {}): Parameters<typeof outcomeOf>[0] => ({
  code,
  description: '',
  result: null,
  ...changes,
});

describe('the answer to a submit', () => {
  it.each([
    ['one task', reply(1, { result: '7' }), { kind: 'accepted', ids: ['7'], ahead: 0 }],
    ['several tasks', reply(1, { result: '7,8' }), { kind: 'accepted', ids: ['7', '8'], ahead: 0 }],
    [
      'a place in the queue',
      reply(1, { result: '7', description: 'In queue, 3 ahead', properties: { numberOfQueues: 3 } }),
      { kind: 'accepted', ids: ['7'], ahead: 3 },
    ],
    ['a refused word', reply(24, { properties: { bannedWord: 'gore' } }), { kind: 'banned', word: 'gore' }],
    ['a full queue', reply(23), { kind: 'queue-full' }],
    ['no upstream', reply(3), { kind: 'no-upstream' }],
    ['the words of the upstream', reply(9, { description: 'too dark' }), { kind: 'declined', words: 'too dark' }],
  ])('is %s', (_, answer, outcome) => {
    expect(outcomeOf(answer)).toEqual(outcome);
  });
});
