import type { Statement } from '#libs/database';
import { VISIBLE } from '../fragments/visible.js';

/** Pictures are public, so this one read carries no key; it gives nothing but what finds the picture. */
export const FIND_PICTURE: Statement = {
  name: 'task_find_picture',
  pool: 'http',
  text: `select coalesce(alias_of, id) as id, upstream_id as "upstreamId", upstream_task_id as "upstreamTaskId", status,
      image_url as "imageUrl", picture_count as "pictureCount", pictures_from as "picturesFrom", video_count as "videoCount",
      version
    from task where id = $1 and ${VISIBLE}`,
};
