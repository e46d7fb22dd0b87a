import { ApiProperty } from '@nestjs/swagger';
import { TASK_ACTIONS, TASK_MODES, type TaskAction, type TaskMode } from '#libs/wire';

/** How long tasks of one action take in one mode at present. */
export class WorkPaceDto {
  @ApiProperty({ enum: TASK_ACTIONS, example: 'IMAGINE' })
  action!: TaskAction;

  @ApiProperty({ enum: TASK_MODES, example: 'FAST' })
  mode!: TaskMode;

  @ApiProperty({
    type: Number,
    nullable: true,
    minimum: 0,
    description: 'Median of the seconds from the submit, or from the confirmation of a window, to the start.',
    example: 2.4,
  })
  queueSeconds!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    minimum: 0,
    description: 'Median of the seconds from the start to the end.',
    example: 38.5,
  })
  runSeconds!: number | null;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Tasks that this is taken from.', example: 412 })
  tasks!: number;
}

/** How long work takes at present. */
export class TaskPaceDto {
  @ApiProperty({ type: [WorkPaceDto], description: 'Every action in every mode.' })
  items!: WorkPaceDto[];
}
