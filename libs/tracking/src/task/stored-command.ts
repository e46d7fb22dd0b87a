import { jsonPieces, PictureText, type SubmitCommand } from '#libs/upstream';

/** The bytes that a waiting task's command is kept as. */
export function toInput(command: SubmitCommand): Buffer {
  return Buffer.concat(jsonPieces(command));
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
  const bytesOf = (text: unknown): number =>
    typeof text === 'string' || text instanceof PictureText ? text.length : 64;
  return texts.reduce<number>((sum, text) => sum + bytesOf(text), 512);
}
