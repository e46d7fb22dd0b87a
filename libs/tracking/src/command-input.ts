import type { SubmitCommand } from '#libs/upstream';

/** The bytes that a waiting task's command is kept as. */
export function toInput(command: SubmitCommand): Buffer {
  return Buffer.from(JSON.stringify(command), 'utf8');
}

/** The command of kept bytes, which only toInput writes; null when they are not whole. */
export function fromInput(body: Buffer): SubmitCommand | null {
  try {
    return JSON.parse(body.toString('utf8')) as SubmitCommand;
  } catch {
    return null;
  }
}

/** About how many bytes a command's input has, without making it: texts and pictures are all of it. */
export function inputBytesOf(command: SubmitCommand): number {
  const texts = Object.values(command).flatMap((value: unknown): unknown => value);
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 64), 512);
}
