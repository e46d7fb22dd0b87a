import { shortened, twinOf } from './request-twins.ts';

const URL_OF_IMAGINE = 'https://gateway.example/mj/submit/imagine';

describe('a request in other words', () => {
  const body = { prompt: `it's "raining"\nJSON`, loop: true, base64Array: ['data:image/png;base64,AAAA'] };
  const parts = { url: URL_OF_IMAGINE, body, idempotencyKey: `o'hara` };

  it('is JSON that reads back', () => {
    expect(JSON.parse(twinOf('json', parts))).toEqual(body);
  });

  it('is a command whose body no shell reads', () => {
    const command = twinOf('curl', parts);
    expect(command).toContain(`-H "Authorization: Bearer $JOURNEYMAN_KEY"`);
    expect(command).toContain(String.raw`'Idempotency-Key: o'\''hara'`);
    const [, sent = ''] = command.split(`<<'JSON'\n`);
    const lines = sent.split('\n');
    expect(lines.filter((line) => line === 'JSON')).toHaveLength(1);
    expect(JSON.parse(lines.slice(0, -1).join('\n'))).toEqual(body);
  });

  it('is Python with the truth values of Python', () => {
    const program = twinOf('python', parts);
    expect(program).toContain('"loop": True');
    expect(program).toContain(`os.environ['JOURNEYMAN_KEY']`);
  });

  it('is JavaScript that takes the key from the environment', () => {
    expect(twinOf('javascript', parts)).toContain('process.env.JOURNEYMAN_KEY');
  });

  it('names no Idempotency-Key where none is set', () => {
    for (const name of ['curl', 'javascript', 'python'] as const) {
      expect(twinOf(name, { ...parts, idempotencyKey: '' }).toLowerCase()).not.toContain('idempotency-key');
    }
  });

  it('shows long pictures by their head and size', () => {
    const [shown] = Object.values(shortened({ image: `data:image/png;base64,${'A'.repeat(2_000_000)}` }));
    expect(shown).toMatch(/^data:image\/png;base64,A+…\(1\.5 MB\)$/);
    expect(shortened({ image: 'https://images.example/fox.png' })).toEqual({ image: 'https://images.example/fox.png' });
  });
});
