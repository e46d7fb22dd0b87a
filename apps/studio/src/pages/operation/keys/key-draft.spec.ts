/** @jest-environment jsdom */
import { changesOf, draftOf } from './key-draft.ts';

describe('changesOf', () => {
  const began = draftOf();

  it('sends what was changed and nothing else', () => {
    expect(changesOf(began, began)).toEqual({});
    expect(changesOf({ ...began, name: ' bob ', credits: '12.5', dailyTasks: '9' }, began)).toEqual({
      name: 'bob',
      credits: '12.5',
      dailyTasks: 9,
    });
  });

  it('takes a limit away where a field is emptied', () => {
    const limited = { ...began, credits: '5', maxConcurrent: '3', ipAllow: '10.0.0.0/8' };
    expect(changesOf(began, limited)).toEqual({ credits: null, maxConcurrent: null, ipAllow: null });
  });

  it('takes addresses by line, comma or space', () => {
    expect(changesOf({ ...began, ipAllow: '10.0.0.1\n 10.0.0.2, 10.0.0.3\n' }, began)).toEqual({
      ipAllow: ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    });
  });
});
