import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { TaskPace } from '#libs/tracking';
import { TASK_ACTIONS, TASK_MODES } from '#libs/wire';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { TaskPaceDto } from './task-pace.dto.js';

/** What clients need to show the time that is left. */
@ApiTags('task')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/task')
export class TaskPaceController {
  constructor(private readonly pace: TaskPace) {}

  @Get('pace')
  @ApiOperation({
    operationId: 'getTaskPace',
    summary: 'How long tasks wait and run at present, by action and mode',
    description:
      'Medians of the newest 5,000 tasks of the last week that succeeded, whoever submitted them; null where none tells. At ' +
      'most a minute old. An expectation, no promise: of a task that waits, `queuePosition` tells more.',
  })
  @ApiOkResponse({ type: TaskPaceDto })
  @ApiMjErrors(401, 429, 503)
  async recent(): Promise<TaskPaceDto> {
    const known = new Map((await this.pace.recent()).map((pace) => [`${pace.action} ${pace.mode}`, pace]));
    const items = TASK_ACTIONS.flatMap((action) =>
      TASK_MODES.map(
        (mode) => known.get(`${action} ${mode}`) ?? { action, mode, queueSeconds: null, runSeconds: null, tasks: 0 },
      ),
    );
    return { items };
  }
}
