import { faultsOfHeader, faultsOfPrompt, numberOf } from './faults.js';

describe('faultsOfPrompt', () => {
  it('takes markers out and keeps their arguments', () => {
    const { faults, prompt } = faultsOfPrompt('a fox [sim:slow=50] in [sim:fail=too red] snow');
    expect(prompt).toBe('a fox in snow');
    expect([...faults]).toEqual([
      ['slow', '50'],
      ['fail', 'too red'],
    ]);
  });

  it('leaves what is no fault in the prompt', () => {
    expect(faultsOfPrompt('a [sim:nothing] b  c')).toEqual({ faults: new Map(), prompt: 'a [sim:nothing] b  c' });
    expect(faultsOfPrompt('[sim:constructor]').faults.size).toBe(0);
  });
});

describe('faultsOfHeader', () => {
  it('reads a list', () => {
    expect([...faultsOfHeader('late=20, accept-500').faults]).toEqual([
      ['late', '20'],
      ['accept-500', ''],
    ]);
  });

  it('names what it does not know', () => {
    expect(faultsOfHeader('late,typo').unknown).toBe('typo');
  });
});

it('takes a number from an argument only when it is one', () => {
  const { faults } = faultsOfPrompt('[sim:late=12][sim:slow=soon]');
  expect(numberOf(faults, 'late', 5)).toBe(12);
  expect(numberOf(faults, 'slow', 5)).toBe(5);
  expect(numberOf(faults, 'late', 5, 10)).toBe(10);
});
