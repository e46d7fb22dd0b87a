import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { CappedBody, readCapped } from './answer-body.js';

const reset = (): Error => Object.assign(new Error('read 10.0.0.5'), { code: 'ECONNRESET' });

function broken(...chunks: string[]): Readable {
  const queue = [...chunks];
  return new Readable({
    read() {
      const next = queue.shift();
      if (next === undefined) this.destroy(reset());
      else this.push(next);
    },
  });
}

describe('readCapped', () => {
  it('reads a body up to the cap', async () => {
    await expect(readCapped(Readable.from([Buffer.from('abc'), Buffer.from('de')]), 5)).resolves.toEqual(
      Buffer.from('abcde'),
    );
  });

  it('destroys a body over the cap', async () => {
    const body = Readable.from([Buffer.from('abc'), Buffer.from('def')]);
    await expect(readCapped(body, 5)).rejects.toMatchObject({ kind: 'too_large', phase: 'body' });
    expect(body.destroyed).toBe(true);
  });

  it('classifies what breaks the stream', async () => {
    await expect(readCapped(broken('a'), 5)).rejects.toMatchObject({
      kind: 'reset',
      phase: 'body',
      detail: 'ECONNRESET',
    });
  });
});

describe('CappedBody', () => {
  it('passes bytes on and holds the source back while nobody reads', async () => {
    let produced = 0;
    const source = new Readable({
      highWaterMark: 1_024,
      read() {
        produced += 1_024;
        this.push(produced > 1_024 * 1_024 ? null : Buffer.alloc(1_024, 7));
      },
    });
    const onClose = jest.fn();
    const body = new CappedBody(source, 2 * 1_024 * 1_024, onClose);
    body.read(0);
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    expect(produced).toBeLessThan(256 * 1_024);
    const bytes = await readCapped(body, Infinity);
    expect(bytes).toEqual(Buffer.alloc(1_024 * 1_024, 7));
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('fails with too_large after the cap and lets the source go', async () => {
    const source = new PassThrough();
    const body = new CappedBody(source, 4, () => undefined);
    source.write('12345');
    await expect(readCapped(body, 100)).rejects.toMatchObject({ kind: 'too_large' });
    expect(source.destroyed).toBe(true);
  });

  it('lets a silent source go at once when it is destroyed', async () => {
    const source = new PassThrough();
    const onClose = jest.fn();
    const body = new CappedBody(source, 4, onClose);
    body.resume();
    body.destroy();
    await once(body, 'close');
    expect(source.destroyed).toBe(true);
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('keeps an error for a reader who comes late', async () => {
    const source = new PassThrough();
    const body = new CappedBody(source, 4, () => undefined);
    source.destroy(reset());
    await new Promise((resolve) => body.on('close', resolve));
    await expect(readCapped(body, 100)).rejects.toMatchObject({ kind: 'reset' });
  });

  it('takes a source that closes early for a reset', async () => {
    const source = new PassThrough();
    const body = new CappedBody(source, 4, () => undefined);
    source.destroy();
    await expect(readCapped(body, 100)).rejects.toMatchObject({ kind: 'reset' });
  });
});
