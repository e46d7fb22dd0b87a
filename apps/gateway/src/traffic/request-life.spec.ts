import { Logger } from '@nestjs/common';
import { RequestLife } from './request-life.js';

describe('RequestLife', () => {
  it('gives everything back once, however often it ends', () => {
    const life = new RequestLife({ stalledMs: () => 0, cut: () => undefined });
    const told: string[] = [];
    life.onEnd((how) => told.push(`first ${how}`));
    life.onEnd((how) => told.push(`second ${how}`));
    life.end('abandoned');
    life.end('answered');
    expect(told).toEqual(['first abandoned', 'second abandoned']);
  });

  it('takes at once what comes after the end', () => {
    const life = new RequestLife({ stalledMs: () => 0, cut: () => undefined });
    life.end('answered');
    const late = jest.fn();
    life.onEnd(late);
    expect(late.mock.calls).toEqual([['answered']]);
    expect(life.signal.aborted).toBe(true);
  });

  it('aborts whoever waits on its behalf', () => {
    const life = new RequestLife({ stalledMs: () => 0, cut: () => undefined });
    const { signal } = life;
    expect(signal).toBe(life.signal);
    expect([life.hasEnded, signal.aborted]).toEqual([false, false]);
    life.end('answered');
    expect([life.hasEnded, signal.aborted]).toEqual([true, true]);
  });

  it('lets the others give back where one fails', () => {
    const said = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    const life = new RequestLife({ stalledMs: () => 0, cut: () => undefined });
    const other = jest.fn();
    life.onEnd(() => {
      throw new Error('broken');
    });
    life.onEnd(other);
    life.end('answered');
    expect(other).toHaveBeenCalledTimes(1);
    expect(said).toHaveBeenCalledTimes(1);
    said.mockRestore();
  });
});
