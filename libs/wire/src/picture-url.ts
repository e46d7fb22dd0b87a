/** `version` is given while a task runs: previews change under one URL, so the query tells them apart. */
export function imageUrl(base: string, taskId: string, version?: number): string {
  return `${base}/mj/image/${taskId}${version === undefined ? '' : `?v=${version}`}`;
}

/** One of a task's single pictures; `n` from 1. */
export function pictureUrl(base: string, taskId: string, n: number): string {
  return `${base}/mj/image/${taskId}/${n}`;
}

/** One of a task's videos; `n` from 1. */
export function videoUrl(base: string, taskId: string, n: number): string {
  return `${base}/mj/video/${taskId}/${n}`;
}
