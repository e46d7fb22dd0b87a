import { Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { TaskFilterQuery } from './admin-task.query.dto.js';
import { CsvTurns } from './csv-turns.js';
import { MOST_CSV_ROWS, TaskCsv, type CsvEnd } from './task-csv.js';

/** How long a client may stall, ms, before its file is given up. */
const STALL_TIMEOUT_MS = 60_000;
const CUT_TRAILER = 'x-journeyman-cut';

@AdminRoutes('tasks.csv', 'tasks')
export class TaskCsvController {
  constructor(
    private readonly csv: TaskCsv,
    private readonly turns: CsvTurns,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'adminListTasksAsCsv',
    summary: 'Tasks of all keys as CSV, newest first',
    description:
      `At most ${MOST_CSV_ROWS.toLocaleString('en-US')} tasks, which the header \`x-journeyman-row-limit\` tells. Where there are more, the name ` +
      `of the file says \`newest-${MOST_CSV_ROWS}\` (\`at-most-${MOST_CSV_ROWS}\`: counting took too long), and the trailer ` +
      '`x-journeyman-cut` is `true`. UTF-8 with a byte order ' +
      'mark, so that Excel reads it right; RFC 4180; a text that a spreadsheet would run as a formula begins with an ' +
      'apostrophe. One file at a time for each caller, else 429.',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    content: {
      'text/csv': {
        schema: { type: 'string' },
        example:
          'id,submittedAt,status,progress,action,mode,keyId,keyName,…\r\n' +
          '6237012345678901,2026-11-22T09:00:00.000Z,SUCCESS,100,IMAGINE,FAST,7,bob,…\r\n',
      },
    },
  })
  @ApiProblems(400)
  async list(
    @Query() filters: TaskFilterQuery,
    @Req() { headers, life }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    life.onEnd(this.turns.take(headers));
    life.stallTimeoutMs = STALL_TIMEOUT_MS;
    const end: CsvEnd = { isCut: false, isShort: false };
    const pieces = this.csv.pieces(filters, end);
    // An error before the first piece becomes an error answer; a later one ends the connection.
    const first = await pieces.next();
    const isCut = end.isShort ? false : await this.csv.areMoreThan(MOST_CSV_ROWS, filters);
    void reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${fileName(new Date(), isCut)}"`)
      .header('x-journeyman-row-limit', String(MOST_CSV_ROWS));
    reply.trailer(CUT_TRAILER, () => Promise.resolve(String(end.isCut)));
    void reply.send(Readable.from(textsOf(first.value ?? '', pieces), { objectMode: false }));
  }
}

/** A person who only sees the file is told by its name where tasks are missing. @param isCut null: not known */
function fileName(now: Date, isCut: boolean | null): string {
  const limits = { true: `-newest-${MOST_CSV_ROWS}`, false: '', null: `-at-most-${MOST_CSV_ROWS}` };
  return `tasks-${now.toISOString().slice(0, 19).replaceAll(':', '')}Z${limits[`${isCut}`]}.csv`;
}

async function* textsOf(first: string, others: AsyncGenerator<string, void, void>): AsyncGenerator<string, void, void> {
  yield first;
  yield* others;
}
