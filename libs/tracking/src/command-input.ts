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

/** About how many bytes a command's input has, without making it: prompts and pictures are nearly all of it. */
export function inputBytesOf(command: SubmitCommand): number {
  switch (command.kind) {
    case 'imagine':
      return 512 + command.prompt.length * 3 + command.images.reduce((sum, image) => sum + image.length, 0);
    case 'action':
      return 1_024;
  }
}
