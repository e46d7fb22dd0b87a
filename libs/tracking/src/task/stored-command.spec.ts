import { PictureText, type SubmitCommand } from '#libs/upstream';
import { fromInput, inputBytesOf, toInput } from './stored-command.js';

const BASE64 = Buffer.alloc(90_000, 0x5a).toString('base64');
const terms = { botType: 'MID_JOURNEY', mode: 'FAST', modeIsChosen: true, accountFilter: { modes: ['FAST'] } } as const;
const lifted = new PictureText('data:image/png;base64,', [
  Buffer.from(BASE64.slice(0, 65_536)),
  Buffer.from(BASE64.slice(65_536)),
]);
const picturesIn = (command: SubmitCommand): unknown[] =>
  Object.values(command)
    .flat()
    .filter((value) => value instanceof PictureText);
const small = `data:image/gif;base64,${BASE64.slice(0, 400)}`;

describe('the input of a command with large pictures', () => {
  it.each([
    { kind: 'imagine', prompt: 'a "fox" 🦊', images: [small, lifted, lifted] },
    { kind: 'describe', image: lifted, link: null, language: 'zh_cn' },
    { kind: 'edits', prompt: 'x', images: [lifted] },
    { kind: 'swap', source: lifted, target: small },
    { kind: 'modal', upstreamTaskId: '17', prompt: 'x', mask: lifted },
  ] as const)('$kind: equals the input with texts, and is about as long as estimated', (work) => {
    const command = { ...terms, ...work } as unknown as SubmitCommand;
    const asText = JSON.parse(JSON.stringify(command)) as SubmitCommand;
    const input = toInput(command);
    expect(input.equals(Buffer.from(JSON.stringify(asText), 'utf8'))).toBe(true);
    const read = fromInput(input) as SubmitCommand;
    expect(JSON.parse(JSON.stringify(read))).toEqual(asText);
    expect(toInput(read).equals(input)).toBe(true);
    expect(picturesIn(read)).toHaveLength(picturesIn(command).length);
    expect(inputBytesOf(read)).toBe(inputBytesOf(asText));
    expect(Math.abs(inputBytesOf(command) - input.length)).toBeLessThan(1_000);
    expect(inputBytesOf(command)).toBe(inputBytesOf(asText));
  });
});

describe('a stored input', () => {
  const command = {
    ...terms,
    kind: 'describe',
    image: lifted,
    link: null,
    language: 'zh_cn',
  } as unknown as SubmitCommand;

  it('that is incomplete is rejected', () => {
    const input = toInput(command);
    for (const length of [0, 1, 70_000, input.length - 1]) expect(fromInput(input.subarray(0, length))).toBeNull();
  });

  it('keeps long texts that are no pictures', () => {
    for (const prompt of ['長'.repeat(40_000), '"'.repeat(70_000)]) {
      const long = { ...command, prompt } as unknown as SubmitCommand;
      expect(fromInput(toInput(long))).toMatchObject({ prompt });
    }
  });
});
