import type { Dispatcher } from 'undici';
import { exchange, type Exchanged, type ExchangeLimits } from './exchange.js';

/** The steps that undici would take, taken by hand. */
class Steps {
  readonly answer: Promise<Exchanged>;
  aborted: Error | null = null;
  private handler: Dispatcher.DispatchHandler = {};
  private readonly controller = {
    abort: (reason: Error) => {
      this.aborted = reason;
      this.handler.onResponseError?.(this.controller, reason);
    },
  } as unknown as Dispatcher.DispatchController;

  constructor(limits: Partial<ExchangeLimits> = {}) {
    const dispatcher = {
      dispatch: (_request: unknown, handler: Dispatcher.DispatchHandler) => (this.handler = handler),
    } as unknown as Dispatcher;
    const request: Dispatcher.DispatchOptions = { origin: 'http://a', path: '/', method: 'GET' };
    this.answer = exchange(dispatcher, request, { deadlineMs: 60_000, maxBytes: 100, ...limits });
    this.answer.catch(() => undefined);
  }

  begin(): this {
    this.handler.onRequestStart?.(this.controller, {});
    return this;
  }

  status(status: number): this {
    this.handler.onResponseStart?.(this.controller, status, { 'x-status': String(status) });
    return this;
  }

  data(text: string): this {
    this.handler.onResponseData?.(this.controller, Buffer.from(text));
    return this;
  }

  end(): this {
    this.handler.onResponseEnd?.(this.controller, {});
    return this;
  }

  fail(code: string): this {
    this.handler.onResponseError?.(this.controller, Object.assign(new Error(code), { code }));
    return this;
  }
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

describe('an answer', () => {
  it('is given whole', async () => {
    const { answer } = new Steps().begin().status(200).data('ab').data('cd').end();
    expect(await answer).toEqual({
      status: 200,
      headers: { 'x-status': '200' },
      body: Buffer.from('abcd'),
      cut: null,
    });
  });

  it('may be empty', async () => {
    const { answer } = new Steps().begin().status(204).end();
    expect(await answer).toMatchObject({ status: 204, body: Buffer.alloc(0), cut: null });
  });

  it('is read to its end, though only its first bytes are kept', async () => {
    const steps = new Steps({ keepBytes: 3 }).begin().status(500).data('ab').data('cd').data('ef').end();
    expect(await steps.answer).toMatchObject({ body: Buffer.from('abc'), cut: null });
    expect(steps.aborted).toBeNull();
  });

  it('comes after informational ones, which are none', async () => {
    const { answer } = new Steps({ maxInformational: 2 }).begin().status(102).status(103).status(200).data('a').end();
    expect(await answer).toMatchObject({ status: 200, body: Buffer.from('a') });
  });
});

describe('a body', () => {
  it('of as many bytes as it may have is whole', async () => {
    const { answer } = new Steps({ maxBytes: 4 }).begin().status(200).data('abcd').end();
    expect(await answer).toMatchObject({ body: Buffer.from('abcd'), cut: null });
  });

  it('of one byte more is cut, and its connection with it', async () => {
    const steps = new Steps({ maxBytes: 4 }).begin().status(200).data('ab').data('cde').data('f');
    expect(await steps.answer).toMatchObject({ status: 200, body: Buffer.from('abcd'), cut: 'too_large' });
    expect(steps.aborted).toMatchObject({ kind: 'too_large', phase: 'body' });
  });

  it('that breaks off is told with what came', async () => {
    const { answer } = new Steps().begin().status(200).data('ab').fail('ECONNRESET');
    expect(await answer).toMatchObject({ status: 200, body: Buffer.from('ab'), cut: 'reset' });
  });

  it('that takes too long is cut', async () => {
    const steps = new Steps().begin().status(200).data('ab');
    jest.advanceTimersByTime(60_000);
    expect(await steps.answer).toMatchObject({ body: Buffer.from('ab'), cut: 'timeout' });
    expect(steps.aborted).toMatchObject({ kind: 'timeout', phase: 'body' });
  });
});

describe('a call without a status', () => {
  it('fails with the class of what broke it', async () => {
    await expect(new Steps().begin().fail('ECONNRESET').answer).rejects.toMatchObject({
      kind: 'reset',
      phase: 'answer',
      detail: 'ECONNRESET',
    });
  });

  it('fails with what has no class as it is', async () => {
    await expect(new Steps().fail('UND_ERR_INVALID_ARG').answer).rejects.toMatchObject({ code: 'UND_ERR_INVALID_ARG' });
  });

  it('ends with a flood of informational answers', async () => {
    const steps = new Steps({ maxInformational: 2 }).begin().status(102).status(102).status(102);
    await expect(steps.answer).rejects.toMatchObject({ kind: 'protocol', detail: 'informational' });
    expect(steps.aborted).not.toBeNull();
  });

  it('ends at its deadline', async () => {
    const steps = new Steps().begin();
    jest.advanceTimersByTime(59_999);
    expect(steps.aborted).toBeNull();
    jest.advanceTimersByTime(1);
    await expect(steps.answer).rejects.toMatchObject({ kind: 'timeout', phase: 'answer' });
    expect(steps.aborted).toMatchObject({ kind: 'timeout' });
  });
});

describe('a request that got its connection', () => {
  it('says so before it is written', async () => {
    const onBegin = jest.fn();
    const steps = new Steps({ onBegin });
    expect(onBegin).not.toHaveBeenCalled();
    await steps.begin().status(200).end().answer;
    expect(onBegin).toHaveBeenCalledTimes(1);
  });

  it('after its deadline is not written', async () => {
    const onBegin = jest.fn();
    const steps = new Steps({ onBegin });
    jest.advanceTimersByTime(60_000);
    await expect(steps.answer).rejects.toMatchObject({ kind: 'timeout' });
    steps.begin();
    expect(steps.aborted).toMatchObject({ kind: 'timeout' });
    expect(onBegin).not.toHaveBeenCalled();
  });
});
