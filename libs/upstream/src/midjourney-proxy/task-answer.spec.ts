import { UpstreamCallError } from '../outcome.js';
import { readCancelAnswer, readSeedAnswer } from './task-answer.js';
import type { HttpAnswer } from './submit-answer.js';

const answer = (body: unknown, status = 200): HttpAnswer => ({
  status,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

describe('an answer to a question for a seed', () => {
  it.each([
    [{ code: 1, description: '成功', result: '1234567890' }, '1234567890'],
    [{ code: 1, result: 42 }, '42'],
    [{ code: '1', result: ' 42 ' }, '42'],
  ])('%j is one', (body, seed) => {
    expect(readSeedAnswer(answer(body))).toEqual({ kind: 'seed', seed });
  });

  it.each([
    [{ code: 3, description: '未找到 seed' }, 200, '未找到 seed'],
    [{ code: 9, description: 'no' }, 200, 'no'],
    [{ code: 4, description: '关联任务状态错误' }, 400, '关联任务状态错误'],
    [{ code: 3, description: 'gone' }, 404, 'gone'],
    [{ error: { message: 'slow down' } }, 429, 'slow down'],
    ['not found', 404, ''],
  ])('%j with %d is a refusal', (body, status, words) => {
    expect(readSeedAnswer(answer(body, status))).toEqual({ kind: 'refused', words });
  });

  it.each([
    [{ code: 1, result: '1' }, 500, 'status_5xx'],
    [{ code: 5, description: 'upstream' }, 200, 'unreadable'],
    [{ code: 1, result: 'abc' }, 200, 'unreadable'],
    [{ code: 1, result: null }, 200, 'unreadable'],
    [{ result: '1' }, 200, 'unreadable'],
    [{ code: 1, result: '1' }, 302, 'unreadable'],
    ['', 200, 'unreadable'],
    ['<html>', 200, 'unreadable'],
    [[], 200, 'unreadable'],
  ])('%j with %d says nothing', (body, status, fault) => {
    expect(() => readSeedAnswer(answer(body, status))).toThrow(new UpstreamCallError(fault as 'unreadable'));
  });
});

describe('an answer to a cancellation', () => {
  it.each([
    ['', 200],
    ['  ', 204],
    ['null', 200],
    ['true', 200],
    [{ code: 1 }, 200],
    [{ code: 22 }, 200],
    [{ success: true, message: 'ok' }, 200],
    [{}, 200],
  ])('%j with %d goes along', (body, status) => {
    expect(readCancelAnswer(answer(body, status))).toBe(true);
  });

  it.each([
    [{ code: 4, description: 'no' }, 200],
    [{ code: 9 }, 200],
    [{ success: false }, 200],
    ['false', 200],
    ['<html></html>', 200],
    ['[]', 200],
    ['', 302],
    ['演示模式，禁止操作', 400],
    [{ code: 1 }, 401],
    ['', 404],
    ['', 405],
  ])('%j with %d does not', (body, status) => {
    expect(readCancelAnswer(answer(body, status))).toBe(false);
  });

  it.each([429, 500, 502])('%d says nothing', (status) => {
    expect(() => readCancelAnswer(answer({ code: 1 }, status))).toThrow(UpstreamCallError);
  });
});
