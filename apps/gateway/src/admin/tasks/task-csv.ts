import { Injectable } from '@nestjs/common';
import { DataSource, QueryFailedError } from 'typeorm';
import { Task } from '#libs/tracking';
import { ReadPermits } from '../../traffic/read-permits.js';
import type { TaskFilterQuery } from './admin-task.query.dto.js';
import { secondsBetween } from './admin-task.view.js';
import { csvRecord, type CsvValue } from './csv-cell.js';
import { restrictTasks } from './task-conditions.js';
import { TaskNameReads, type TaskNames } from './task-names.js';

/** Most tasks in a file: a minute or two of reading, and what spreadsheets still open well. */
export const MOST_CSV_ROWS = 100_000;
/** Tasks that are read at a time; the prompt of one may have some kilobytes. */
const PIECE_ROWS = 200;
/** Without this mark, Excel takes UTF-8 for the code page of its machine and spoils every name that is not English. */
const BYTE_ORDER_MARK = '\uFEFF';

const READ = [
  'id',
  'apiKeyId',
  'upstreamId',
  'upstreamTaskId',
  'action',
  'mode',
  'status',
  'progress',
  'refused',
  'failCode',
  'failReason',
  'price',
  'cost',
  'submittedAt',
  'startedAt',
  'finishedAt',
  'parentId',
  'state',
  'requestId',
  'prompt',
] as const satisfies readonly (keyof Task)[];

type Row = Pick<Task, (typeof READ)[number]>;

/** The columns of the file: those of the JSON that have one value, by the same names. */
const COLUMNS: readonly (readonly [string, (task: Row, names: TaskNames) => CsvValue])[] = [
  ['id', ({ id }) => id],
  ['submittedAt', ({ submittedAt }) => submittedAt],
  ['status', ({ status }) => status],
  ['progress', ({ progress }) => progress],
  ['action', ({ action }) => action],
  ['mode', ({ mode }) => mode],
  ['keyId', ({ apiKeyId }) => apiKeyId],
  ['keyName', ({ apiKeyId }, names) => names.key(apiKeyId)],
  ['upstreamId', ({ upstreamId }) => upstreamId],
  ['upstreamName', ({ upstreamId }, names) => names.upstream(upstreamId)],
  ['upstreamTaskId', ({ upstreamTaskId }) => upstreamTaskId],
  ['price', ({ price }) => price],
  ['cost', ({ cost }) => cost],
  ['queueSeconds', ({ submittedAt, startedAt }) => secondsBetween(submittedAt, startedAt)],
  ['runSeconds', ({ startedAt, finishedAt }) => secondsBetween(startedAt, finishedAt)],
  ['startedAt', ({ startedAt }) => startedAt],
  ['finishedAt', ({ finishedAt }) => finishedAt],
  ['refused', ({ refused }) => refused],
  ['failCode', ({ failCode }) => failCode],
  ['failReason', ({ failReason }) => failReason],
  ['parentId', ({ parentId }) => parentId],
  ['state', ({ state }) => state],
  ['requestId', ({ requestId }) => requestId],
  ['prompt', ({ prompt }) => prompt],
];

/** What became of a file when its last piece was made. */
export interface CsvEnd {
  /** True: there were more tasks than a file takes. */
  isCut: boolean;
  /** True: the first piece is all there is. */
  isShort: boolean;
}

/** Writes tasks of all keys as CSV, on the connections of administration. */
@Injectable()
export class TaskCsv {
  constructor(
    private readonly source: DataSource,
    private readonly permits: ReadPermits,
    private readonly names: TaskNameReads,
  ) {}

  /**
   * The text of the file in pieces, newest task first. Each piece is a statement of its own that begins behind the last task
   * of the one before, so that a slow client holds no connection and no transaction.
   * @param end is told how the file ended
   * @param most rows of the file
   */
  async *pieces(filters: TaskFilterQuery, end: CsvEnd, most = MOST_CSV_ROWS): AsyncGenerator<string, void, void> {
    let text = BYTE_ORDER_MARK + csvRecord(COLUMNS.map(([name]) => name));
    let after: readonly string[] | null = null;
    for (let left = most; ;) {
      const limit = Math.min(PIECE_ROWS, left);
      const rows: Row[] = await this.permits.search(() => this.read(filters, after, limit + 1));
      const taken = rows.slice(0, limit);
      if (after === null) end.isShort = rows.length <= limit;
      const names = await this.names.of(taken);
      text += taken.map((task) => csvRecord(COLUMNS.map(([, of]) => of(task, names)))).join('');
      yield text;
      text = '';
      left -= taken.length;
      const last = taken.at(-1);
      if (rows.length <= limit || last === undefined) return;
      if (left === 0) {
        end.isCut = true;
        return;
      }
      after = [last.submittedAt.toISOString(), last.id];
    }
  }

  /**
   * Whether more tasks than that pass the filters; null: the look took longer than administration waits. It reads no row
   * where an index holds what the filters ask for.
   */
  async areMoreThan(most: number, filters: TaskFilterQuery): Promise<boolean | null> {
    const beyond = this.source.getRepository(Task).createQueryBuilder('task').select('task.id');
    const look = restrictTasks(beyond, filters, null).offset(most).limit(1);
    try {
      return (await this.permits.search(() => look.getRawOne())) !== undefined;
    } catch (error) {
      if (error instanceof QueryFailedError) return null;
      throw error;
    }
  }

  private read(filters: TaskFilterQuery, after: readonly string[] | null, limit: number): Promise<Row[]> {
    const found = this.source
      .getRepository(Task)
      .createQueryBuilder('task')
      .select(READ.map((column) => `task.${column}`));
    return restrictTasks(found, filters, after).limit(limit).getMany();
  }
}
