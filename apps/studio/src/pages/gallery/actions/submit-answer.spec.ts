import { readSubmitAnswer } from './submit-answer.ts';

describe('readSubmitAnswer', () => {
  it.each([
    [1, 'Submit success', { kind: 'started', ids: ['62', '63'] }],
    [22, 'In queue, 3 ahead', { kind: 'started', ids: ['62', '63'] }],
    [1, 'Task already exists', { kind: 'exists', ids: ['62', '63'] }],
    [21, 'Task already exists', { kind: 'exists', ids: ['62', '63'] }],
    [21, 'Waiting for window confirm', { kind: 'window', id: '62' }],
  ])('%d %s', (code, description, outcome) => {
    expect(readSubmitAnswer({ code, description, result: '62,63' })).toEqual(outcome);
  });

  it('takes a refusal with HTTP 200 for what it is, with the word that was not liked', () => {
    const answer = { code: 24, description: 'Prompt may contain a sensitive word', result: null };
    expect(readSubmitAnswer({ ...answer, properties: { bannedWord: 'x' } })).toEqual({
      kind: 'refused',
      code: 24,
      description: 'Prompt may contain a sensitive word',
      bannedWord: 'x',
    });
  });

  it('takes an acceptance without an id for a refusal', () => {
    expect(readSubmitAnswer({ code: 1, description: '', result: null }).kind).toBe('refused');
  });
});
