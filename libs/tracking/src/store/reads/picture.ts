import type { Task } from '../../task/task.entity.js';
import { statement } from '#libs/database';
import { VISIBLE } from '../fragments/visible.js';

/** The columns that locate a task's picture; no others, because pictures are public. */
export interface PictureRow {
  id: string;
  upstreamId: string | null;
  upstreamTaskId: string | null;
  status: Task['status'];
  imageUrl: string | null;
  pictureCount: number;
  picturesFrom: Task['picturesFrom'];
  withheld: number[] | null;
  videoCount: number;
  /** The prompts of a task whose picture is cut as a grid of another size than four; null for all others. */
  gridPrompt: string | null;
  version: number;
}

/**
 * Finds the picture of a task without checking a key, because pictures are public; reads only the columns that locate
 * the picture.
 */
export const FIND_PICTURE = statement<{ taskId: string }, PictureRow>({
  name: 'task_find_picture',
  pool: 'http',
  text: `select coalesce(alias_of, id) as id, upstream_id as "upstreamId", upstream_task_id as "upstreamTaskId", status,
      image_url as "imageUrl", picture_count as "pictureCount", pictures_from as "picturesFrom", withheld,
      video_count as "videoCount", version,
      case when pictures_from = 'crop' and picture_count <> 4 then concat_ws(' ', prompt, final_prompt) end as "gridPrompt"
    from task where id = :taskId and ${VISIBLE}`,
});
