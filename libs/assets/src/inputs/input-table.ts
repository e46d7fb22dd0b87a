import { statement, type Database } from '#libs/database';
import type { PictureType } from '../format/picture-type.js';

/** How long a link lasts after it was given out, hours. */
const LIFE_HOURS = 6;
/** How long it lasts after the end of its task, hours. */
const AFTER_END_HOURS = 1;

/** A picture that is to be served by link; of an upload, whose bytes are in the store, the name of its file. */
export interface PublishedPicture {
  tokenHash: Buffer;
  taskId: string;
  contentType: PictureType;
  bytes: number;
}

/** What a valid link leads to. */
export interface LinkedPicture {
  tokenHash: Buffer;
  contentType: PictureType;
  bytes: number;
  /** Name of an upload in the picture store; null: the bytes are in the row. */
  file: string | null;
  /** Whether the upstream that was given the link has fetched it before; always true of uploads. */
  isFetched: boolean;
}

/** SQL condition: whether a picture `i`, whose task is `t`, is past its time. Uploads have another. */
const IS_OVER = `(i.expires_at <= now() or t.finished_at <= now() - interval '${AFTER_END_HOURS} hours')`;
const EXPIRY = `now() + interval '${LIFE_HOURS} hours'`;

const RENEW = statement<{ tokenHash: Buffer; upstreamId: string }, object>({
  name: 'input_renew',
  pool: 'http',
  text: `update input_picture set published_at = now(), expires_at = ${EXPIRY}, upstream_id = :upstreamId,
      fetched_at = case when upstream_id = :upstreamId then fetched_at end
    where token_hash = :tokenHash and kind = 'input' returning true as found`,
});

// Another send of the same task may have published it in the meantime.
const ADD_INPUT = statement<PublishedPicture & { upstreamId: string; content: Uint8Array }, object>({
  name: 'input_add',
  pool: 'http',
  text: `insert into input_picture (token_hash, task_id, kind, upstream_id, content_type, bytes, content, expires_at)
    values (:tokenHash, :taskId, 'input', :upstreamId, :contentType, :bytes, :content, ${EXPIRY})
    on conflict (token_hash) do update set published_at = now(), expires_at = excluded.expires_at,
      upstream_id = excluded.upstream_id`,
});

const RENEW_UPLOAD = statement<{ tokenHash: Buffer }, object>({
  name: 'upload_renew',
  pool: 'http',
  text: `update input_picture set published_at = now() where token_hash = :tokenHash and kind = 'upload' returning true as found`,
});

/** Lists a file that is about to be put as one to delete: if its row is never written, it goes after an hour. */
const PLAN_UPLOAD = statement<{ file: string }, object>({
  name: 'upload_plan',
  pool: 'http',
  text: `insert into doomed_file (file, next_at) values (:file, now() + interval '1 hour')`,
});

// Of two uploads of one picture the second one's file stays listed, and is deleted.
const ADD_UPLOAD = statement<PublishedPicture & { file: string }, object>({
  name: 'upload_add',
  pool: 'http',
  text: `with made as (
      insert into input_picture (token_hash, task_id, kind, content_type, bytes, file)
      values (:tokenHash, :taskId, 'upload', :contentType, :bytes, :file) on conflict do nothing returning file)
    delete from doomed_file d using made where d.file = made.file`,
});

const FIND = statement<{ tokenHash: Buffer }, LinkedPicture>({
  name: 'input_find',
  pool: 'http',
  text: `select i.token_hash as "tokenHash", i.content_type as "contentType", i.bytes, i.file,
      i.kind = 'upload' or i.fetched_at is not null as "isFetched"
    from input_picture i join task t on t.id = i.task_id
    where i.token_hash = :tokenHash and (i.kind = 'upload' or not coalesce(${IS_OVER}, false))`,
});

const READ_PIECE = statement<{ tokenHash: Buffer; offset: number; length: number }, { piece: Buffer | null }>({
  name: 'input_read_piece',
  pool: 'http',
  text: `select substring(content from :offset::integer + 1 for :length::integer) as piece
    from input_picture where token_hash = :tokenHash`,
});

const NOTE_FETCH = statement<{ tokenHash: Buffer }, { upstreamId: string | null }>({
  name: 'input_note_fetch',
  pool: 'work',
  text: `update input_picture set fetched_at = now()
    where token_hash = :tokenHash and kind = 'input' and fetched_at is null returning upstream_id as "upstreamId"`,
});

const REMOVE_OVER = statement<{ limit: number }, { count: number }>({
  name: 'input_remove_over',
  pool: 'work',
  text: `with old as (
      select i.token_hash from input_picture i join task t on t.id = i.task_id
      where i.kind = 'input' and ${IS_OVER} limit :limit for update of i skip locked),
    gone as (delete from input_picture where token_hash in (select token_hash from old) returning 1)
    select count(*)::integer as count from gone`,
});

const REMOVE_UPLOADS = statement<{ days: number; limit: number }, { count: number }>({
  name: 'upload_remove_old',
  pool: 'work',
  text: `with old as (
      select token_hash from input_picture
      where kind = 'upload' and published_at < now() - :days::integer * interval '1 day'
      order by published_at limit :limit for update skip locked),
    gone as (delete from input_picture where token_hash in (select token_hash from old) returning file),
    doomed as (insert into doomed_file (file) select file from gone on conflict do nothing)
    select count(*)::integer as count from gone`,
});

/** The statements of table input_picture. All throw DatabaseUnavailableError. */
export class InputTable {
  constructor(private readonly database: Database) {}

  /** Extends the life of an input's link, for this upstream. @returns false where there is no such link yet */
  async renew(tokenHash: Buffer, upstreamId: string): Promise<boolean> {
    return (await this.database.run(RENEW, { tokenHash, upstreamId })).length > 0;
  }

  async addInput(picture: PublishedPicture & { upstreamId: string; content: Uint8Array }): Promise<void> {
    await this.database.run(ADD_INPUT, picture);
  }

  /** Extends the life of an upload's link. @returns false where there is no such link yet */
  async renewUpload(tokenHash: Buffer): Promise<boolean> {
    return (await this.database.run(RENEW_UPLOAD, { tokenHash })).length > 0;
  }

  /** To be called before the file of an upload is put: the file is deleted again unless `addUpload` follows. */
  async planUpload(file: string): Promise<void> {
    await this.database.run(PLAN_UPLOAD, { file });
  }

  async addUpload(picture: PublishedPicture & { file: string }): Promise<void> {
    await this.database.run(ADD_UPLOAD, picture);
  }

  /** The picture of a link that is valid now; null for any other. */
  async find(tokenHash: Buffer): Promise<LinkedPicture | null> {
    const [row] = await this.database.run(FIND, { tokenHash });
    return row ?? null;
  }

  /** A part of an input's bytes; null when the picture was removed in the meantime. */
  async piece(tokenHash: Buffer, offset: number, length: number, signal: AbortSignal): Promise<Buffer | null> {
    const [row] = await this.database.run(READ_PIECE, { tokenHash, offset, length }, signal);
    return row?.piece ?? null;
  }

  /** Records that an input was fetched. @returns the upstream that it was published for; null unless this was the first time */
  async noteFetch(tokenHash: Buffer): Promise<string | null> {
    const [row] = await this.database.run(NOTE_FETCH, { tokenHash });
    return row?.upstreamId ?? null;
  }

  /** Deletes inputs whose time is over. @returns how many */
  async removeOver(limit: number): Promise<number> {
    const [row] = await this.database.run(REMOVE_OVER, { limit });
    return row?.count ?? 0;
  }

  /** Deletes uploads older than `days` and lists their files to be deleted. @returns how many */
  async removeUploads(days: number, limit: number): Promise<number> {
    const [row] = await this.database.run(REMOVE_UPLOADS, { days, limit });
    return row?.count ?? 0;
  }
}
