import { JsonStructure, type JsonLimits, type JsonStrings } from '#libs/wire';
import type { BodyExcess, BodyReader } from './body-reader.js';
import type { ExtractedBody } from './body-scanner.js';
import { ByteList } from './byte-list.js';
import { FieldName } from './field-name.js';

const NO_PICTURES: ExtractedBody['pictures'] = new Map();

/** A body that is kept as it comes, while its structure is counted. */
export class PlainBody implements BodyReader, JsonStrings {
  private readonly bytes = new ByteList();
  private readonly structure: JsonStructure;
  private readonly field = new FieldName();
  private isField = false;

  constructor(limits: JsonLimits) {
    this.structure = new JsonStructure(limits, this);
  }

  feed(chunk: Buffer): BodyExcess | null {
    this.bytes.push(chunk);
    const excess = this.structure.feed(chunk);
    return excess === null ? null : { kind: excess, field: this.field.text };
  }

  end(): ExtractedBody {
    return { json: this.bytes.toBuffer(), pictures: NO_PICTURES };
  }

  open(depth: number, _isInObject: boolean, isKey: boolean): void {
    this.isField = isKey && depth === 1;
  }

  read(chunk: Buffer, from: number, to: number, isClosed: boolean): void {
    if (this.isField) this.field.read(chunk.subarray(from, to), isClosed);
  }
}
