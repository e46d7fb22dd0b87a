import { idInField } from './pushed-id.js';

describe('the id in the body of a push', () => {
  it.each([
    [{ id: '1795000000000001' }, '1795000000000001'],
    [{ id: 1795000000000001 }, '1795000000000001'],
    [{ id: '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b', status: 'SUCCESS' }, '0b6f3f0e-4f0c-4a2e-9a39-6d7b3f0c1a2b'],
  ])('%j', (body, id) => {
    expect(idInField(body, 'id')).toBe(id);
  });

  it.each([
    [null],
    [undefined],
    ['1795000000000001'],
    [7],
    [[]],
    [{}],
    [{ id: null }],
    [{ id: '' }],
    [{ id: ['1'] }],
    [{ id: { $gt: 1 } }],
    [{ id: '..' }],
    [{ id: '../admin' }],
    [{ id: '1/fetch?x=' }],
    [{ id: '1\u0000' }],
    [{ id: '1\n' }],
    [{ id: '1\ud800' }],
    [{ id: '1'.repeat(129) }],
    [{ id: 2 ** 53 }],
    [{ id: -1 }],
    [{ id: 1.5 }],
    [{ id: Number.NaN }],
  ])('%j names none', (body) => {
    expect(idInField(body, 'id')).toBeNull();
  });
});
