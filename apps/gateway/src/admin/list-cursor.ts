import { Injectable } from '@nestjs/common';
import { SecretBox } from '#libs/database';
import { wrongField } from '../http/errors/problem.js';

const PURPOSE = 'admin-cursor';
const CURSOR = /^([A-Za-z0-9_-]{1,200})\.([A-Za-z0-9_-]{32})$/;

/** A page of `limit` rows, and the cursor of the next one. */
export interface Page<Item> {
  items: Item[];
  /** null: there is no further page. */
  nextCursor: string | null;
}

/** Cursors of lists: the position of the last row of a page, signed so that it cannot be forged. */
@Injectable()
export class ListCursors {
  constructor(private readonly secrets: SecretBox) {}

  /** The position that a cursor of this list stands for; null where there is no cursor. @throws Problem for a wrong one */
  read(list: string, cursor: string | undefined): string[] | null {
    if (cursor === undefined) return null;
    const [, encoded = '', mac = ''] = CURSOR.exec(cursor) ?? [];
    const position = Buffer.from(encoded, 'base64url').toString('utf8');
    if (!this.secrets.verifies(PURPOSE, `${list}:${position}`, mac)) {
      throw wrongField('cursor', 'must be the nextCursor of a page of this list');
    }
    return position.split(' ');
  }

  /**
   * Makes a page of rows in their order, of which one more was asked for than the page takes.
   * @param positionOf where a row stands in the order
   */
  page<Row>(list: string, rows: readonly Row[], limit: number, positionOf: (row: Row) => string[]): Page<Row> {
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last === undefined ? null : this.write(list, positionOf(last)) };
  }

  private write(list: string, parts: readonly string[]): string {
    const position = parts.join(' ');
    const mac = this.secrets.mac(PURPOSE, `${list}:${position}`);
    return `${Buffer.from(position).toString('base64url')}.${mac}`;
  }
}
