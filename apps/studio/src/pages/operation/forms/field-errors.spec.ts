/** @jest-environment jsdom */
import { CallFailure, OFFLINE, type Failure } from '../../../api/failure.ts';
import { refusalOf } from './field-errors.ts';

const refused = (errors: Failure['errors'], detail = ''): CallFailure =>
  new CallFailure({ ...OFFLINE, kind: 'refused', status: 400, name: 'validation', detail, errors });

describe('refusalOf', () => {
  it('puts each mistake at its field, also within lists and groups', () => {
    const error = refused([
      { field: 'ipAllow[1]', message: 'is no address' },
      { field: 'timeouts.pollMs', message: 'is too small' },
    ]);
    expect(refusalOf(error, ['ipAllow', 'pollMs'])).toEqual({
      byField: { ipAllow: 'is no address', pollMs: 'is too small' },
      rest: null,
    });
  });

  it('tells of the rest in one sentence', () => {
    const error = refused([{ field: 'odd', message: 'is unknown' }], 'Wrong fields');
    expect(refusalOf(error, ['name'])).toEqual({ byField: {}, rest: 'Wrong fields · odd: is unknown' });
    expect(refusalOf(new CallFailure(OFFLINE), ['name']).rest).toMatch(/does not answer/);
  });
});
