import { UpstreamCallError } from '../../port/outcome.js';
import type { HttpAnswer } from '../../http/http-answer.js';
import { accountFault, readCancelAnswer, readSeedAnswer, readTaskAnswer } from './task-answer.js';

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
    [{ code: 5, description: 'upstream' }, 200, 'unexpected'],
    [{ code: 1, result: 'abc' }, 200, 'unexpected'],
    [{ code: 1, result: null }, 200, 'unexpected'],
    [{ result: '1' }, 200, 'unexpected'],
    [{ code: 4, description: '用户额度不足' }, 400, 'payment_required'],
    [{ error: { message: 'x' } }, 401, 'unauthorized'],
    [{ code: 9, description: 'no permission for this model' }, 200, 'forbidden'],
    [{ code: 1, result: '1' }, 302, 'unreadable'],
    ['', 200, 'unreadable'],
    ['<html>', 200, 'unreadable'],
    [[], 200, 'unexpected'],
  ])('%j with %d says nothing', (body, status, fault) => {
    expect(() => readSeedAnswer(answer(body, status))).toThrow(new UpstreamCallError(fault as 'unreadable'));
  });
});

describe('an answer to a question for a task', () => {
  const task = { id: '17', status: 'IN_PROGRESS' };

  it.each([
    ['bare', task],
    ['in data', { code: 1, data: task }],
    ['in result', { code: 200, result: task }],
    ['that failed for want of money', { ...task, failReason: '余额不足' }],
  ])('shows it: %s', (_, body) => {
    expect(readTaskAnswer(answer(body), 'http://mj.internal')).toMatchObject({ upstreamTaskId: '17' });
  });

  it.each([
    ['nothing', '', 200],
    ['no content', '', 204],
    ['null', 'null', 200],
    ['an empty object', {}, 200],
    ['null in an envelope', { code: null, data: null }, 200],
    ['code 3', { code: 3, description: '关联任务不存在或已失效' }, 200],
    ["new-api's words", { code: 4, description: 'task_no_found' }, 400],
    ['a status', '', 404],
    ['a status in the body', { code: 404, message: 'x' }, 200],
    ['words', { error: { message: 'The task was not found' } }, 200],
    ['a page', '<html>', 404],
  ])('says that it is not known: %s', (_, body, status) => {
    expect(readTaskAnswer(answer(body, status), 'http://mj.internal')).toBeNull();
  });

  // None of these says that the task is gone, and a task that is gone fails.
  it.each([
    ['the key', { error: { message: 'Invalid token' } }, 200, 'unauthorized'],
    ['the key with 400', { code: 4, description: '无效的令牌' }, 400, 'unauthorized'],
    ['money', { code: 9, description: '余额不足' }, 200, 'payment_required'],
    ['a failure of its own', { code: 9, description: '操作失败' }, 200, 'unexpected'],
    ['an error without words', { error: { message: 'x' } }, 200, 'unexpected'],
    ['a list', [], 200, null],
    ['a page', '<html></html>', 200, 'unreadable'],
    ['a crash', task, 500, 'status_5xx'],
    ['a limit', '', 429, 'status_4xx'],
  ])('says nothing of it: %s', (_, body, status, fault) => {
    if (fault === null) expect(readTaskAnswer(answer(body, status), 'http://mj.internal')).toBeNull();
    else
      expect(() => readTaskAnswer(answer(body, status), 'http://mj.internal')).toThrow(
        new UpstreamCallError(fault as 'unexpected'),
      );
  });
});

describe('a fault of the account in an answer to a read', () => {
  it.each([
    [401, '', 'unauthorized'],
    [402, '', 'payment_required'],
    [403, '', 'forbidden'],
    [403, { error: { message: '用户额度不足' } }, 'payment_required'],
    [200, { code: 9, description: '账号已禁用' }, 'forbidden'],
    [404, '', null],
    [404, { message: 'Not Found' }, null],
    [400, { code: 4, description: 'x' }, null],
    [200, [], null],
  ])('%i %j: %s', (status, body, fault) => {
    expect(accountFault(answer(body, status))).toBe(fault);
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
