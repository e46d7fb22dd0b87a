import { presentedKey } from './presented-key.js';

describe('presented key', () => {
  it.each([
    [{ authorization: 'Bearer sk-1' }],
    [{ authorization: 'bearer   sk-1' }],
    [{ authorization: 'sk-1' }],
    [{ 'mj-api-secret': 'sk-1' }],
    [{ 'mj-api-secret': 'Bearer sk-1' }],
    [{ authorization: '', 'mj-api-secret': 'sk-1' }],
    [{ authorization: 'midjourney-proxy', 'mj-api-secret': 'sk-1' }],
    [{ authorization: 'Bearer midjourney-proxy', 'mj-api-secret': 'sk-1' }],
    [{ authorization: 'Bearer sk-1', 'mj-api-secret': 'sk-1' }],
  ])('reads %j', (headers) => {
    expect(presentedKey(headers)).toEqual({ kind: 'key', key: 'sk-1' });
  });

  it('refuses two different keys', () => {
    expect(presentedKey({ authorization: 'Bearer sk-1', 'mj-api-secret': 'sk-2' })).toEqual({ kind: 'conflict' });
    expect(presentedKey({ authorization: ['Bearer sk-1', 'Bearer sk-2'] })).toEqual({ kind: 'conflict' });
  });

  it.each([[{}], [{ authorization: '' }], [{ authorization: 'Bearer ' }], [{ authorization: 'Bearer' }]])(
    'finds none in %j',
    (headers) => {
      expect(presentedKey(headers)).toEqual({ kind: 'none' });
    },
  );
});
