import { PictureText } from '#libs/upstream';
import { isWithinLimits } from '#libs/wire';
import { ByteList } from '../streaming-json/byte-list.js';
import { MjError } from '../errors/mj-error.js';
import { JSON_LIMITS } from '../routes/route-access.js';
import type { KnownPart } from './form-shape.js';

const MIB = 1024 * 1024;
/** Most bytes of a picture of 10 MiB, raw and as base64. */
const MAX_FILE_BYTES = 10 * MIB;
const MAX_BASE64_BYTES = 14 * MIB;
/** The longest text of a form has 4,096 characters. */
const MAX_TEXT_BYTES = 64 * 1024;

/** Collects one part of a form. */
export interface PartSink {
  /** @throws MjError where the part is too long */
  add(bytes: Buffer): void;
  /** The value of the field. @throws MjError where the part holds no valid one */
  finish(): unknown;
}

/** @param isFile whether the part came as a file @throws MjError for a file in the place of a text field */
export function sinkOf({ field, kind }: KnownPart, isFile: boolean): PartSink {
  if (kind === 'picture') return isFile ? new FileSink(field) : new TextSink(MAX_BASE64_BYTES, tooLarge(field));
  if (isFile) throw badField(field);
  return kind === 'text' ? new TextSink(MAX_TEXT_BYTES, badField(field)) : new JsonSink(field);
}

export function badField(field: string): MjError {
  return new MjError('bind_request_body_failed', { properties: { field } });
}

function tooLarge(field: string): MjError {
  return new MjError('image_too_large', { properties: { field } });
}

class TextSink implements PartSink {
  protected readonly bytes = new ByteList();

  constructor(
    private readonly most: number,
    private readonly tooMuch: MjError,
  ) {}

  add(bytes: Buffer): void {
    this.bytes.push(bytes);
    if (this.bytes.length > this.most) throw this.tooMuch;
  }

  finish(): unknown {
    return this.bytes.toBuffer().toString('utf8');
  }
}

class JsonSink extends TextSink {
  constructor(private readonly field: string) {
    super(MAX_TEXT_BYTES, badField(field));
  }

  override finish(): unknown {
    const text = this.bytes.toBuffer();
    const json = text.toString('utf8');
    if (json.trim() === '') return null;
    if (!isWithinLimits(text, JSON_LIMITS)) throw badField(this.field);
    try {
      return JSON.parse(json, (name, inner: unknown) => (name === '__proto__' ? undefined : inner));
    } catch {
      throw badField(this.field);
    }
  }
}

/** A file, which becomes base64 while it comes in: the bytes themselves are not kept. */
class FileSink implements PartSink {
  private readonly base64 = new ByteList();
  /** Bytes that are no group of three yet. */
  private rest: Buffer = Buffer.alloc(0);
  private total = 0;

  constructor(private readonly field: string) {}

  add(bytes: Buffer): void {
    this.total += bytes.length;
    if (this.total > MAX_FILE_BYTES) throw tooLarge(this.field);
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    const whole = all.length - (all.length % 3);
    this.write(all.subarray(0, whole));
    this.rest = Buffer.from(all.subarray(whole));
  }

  finish(): unknown {
    this.write(this.rest);
    return this.total === 0 ? '' : new PictureText('', this.base64.toPieces());
  }

  private write(bytes: Buffer): void {
    this.base64.push(Buffer.from(bytes.toString('base64'), 'latin1'));
  }
}
