const NONE = Buffer.alloc(0);

/** The name of the field of a body that is being read, as it is written until somebody asks for it. */
export class FieldName {
  private written: Buffer = NONE;
  private isWhole = true;

  /** Takes bytes of a name; the first ones after a whole name begin the next one. */
  read(bytes: Buffer, isClosed: boolean): void {
    this.written = this.isWhole ? bytes : Buffer.concat([this.written, bytes]);
    this.isWhole = isClosed;
  }

  /** The name; '' before the first one, and where it is none that JSON knows. */
  get text(): string {
    if (!this.isWhole) return '';
    const text = this.written.toString('utf8');
    return text.includes('\\') ? unescaped(text) : text;
  }
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return '';
  }
}
