/** A place in a file of rules that is not as it must be; its message names the file and the path in it. */
export class RuleError extends Error {
  constructor(file: string, path: string, what: string) {
    super(`prompt-rules/${file}: ${path === '' ? 'the file' : path} ${what}`);
    this.name = 'RuleError';
  }
}

/** A place in a file of rules; reading it as what it is not throws a {@link RuleError}. */
export class RuleNode {
  private constructor(
    private readonly file: string,
    private readonly path: string,
    private readonly value: unknown,
  ) {}

  /** @param file its name below `prompt-rules`, for errors */
  static of(file: string, value: unknown): RuleNode {
    return new RuleNode(file, '', value);
  }

  /** What stands there, unread. */
  json(): unknown {
    return this.value;
  }

  error(what: string): RuleError {
    return new RuleError(this.file, this.path, what);
  }

  /** A field of an object; what is missing fails where it is read as something. */
  at(name: string): RuleNode {
    const { value } = this.asObject();
    return this.child(name, Object.hasOwn(value, name) ? value[name] : undefined);
  }

  /** Reads a field that may be missing. */
  maybe<T>(name: string, read: (node: RuleNode) => T): T | undefined {
    const node = this.at(name);
    return node.value === undefined ? undefined : read(node);
  }

  /** Every field of an object must have one of these names: a misspelt one would say nothing. */
  only(...names: readonly string[]): this {
    for (const name of Object.keys(this.asObject().value)) {
      if (!names.includes(name)) throw this.child(name, undefined).error('is no field that is known');
    }
    return this;
  }

  fields(): [name: string, node: RuleNode][] {
    return Object.entries(this.asObject().value).map(([name, value]) => [name, this.child(name, value)]);
  }

  list<T>(read: (node: RuleNode) => T): T[] {
    if (!Array.isArray(this.value)) throw this.error('is no list');
    return this.value.map((value, at) => read(new RuleNode(this.file, `${this.path}[${at}]`, value)));
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value.trim() === '') throw this.error('is no text');
    return this.value;
  }

  number(): number {
    if (typeof this.value !== 'number' || !Number.isFinite(this.value)) throw this.error('is no number');
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.error('is neither true nor false');
    return this.value;
  }

  word<T extends string>(words: readonly T[]): T {
    const word = words.find((each) => each === this.value);
    if (word === undefined) throw this.error(`is none of ${words.join(', ')}`);
    return word;
  }

  pattern(): RegExp {
    try {
      return new RegExp(this.text(), 'i');
    } catch {
      throw this.error('is no regular expression');
    }
  }

  orNull<T>(read: (node: RuleNode) => T): T | null {
    return this.value === null ? null : read(this);
  }

  private asObject(): { value: Record<string, unknown> } {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.error('is no object');
    return { value: value as Record<string, unknown> };
  }

  private child(name: string, value: unknown): RuleNode {
    return new RuleNode(this.file, this.path === '' ? name : `${this.path}.${name}`, value);
  }
}

/** Where a rule is from: who says so, and the month or day on which that was looked up. */
export interface Origin {
  source: string;
  checked: string;
}

export function readOrigin(node: RuleNode): Origin {
  const checked = node.at('checked');
  if (!/^20\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?$/.test(checked.text())) {
    throw checked.error('is no date like 2026-09-27 or 2026-09');
  }
  return { source: node.at('source').text(), checked: checked.text() };
}
