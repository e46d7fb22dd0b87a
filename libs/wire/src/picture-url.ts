/** Signs the pictures of a task; what it gives is a query value. */
export type PictureSigner = (taskId: string) => string;

/** Builds the gateway's own links to pictures and videos; with a signer they carry `?s=`, without which they are refused. */
export class PictureLinks {
  constructor(private readonly sign: PictureSigner | null) {}

  /** `version` is given while a task runs: previews change under one URL, so the query tells them apart. */
  image(base: string, taskId: string, version?: number): string {
    return `${base}/mj/image/${taskId}${this.query(taskId, version === undefined ? [] : [`v=${version}`])}`;
  }

  /** One of a task's single pictures; `n` from 1. */
  picture(base: string, taskId: string, n: number): string {
    return `${base}/mj/image/${taskId}/${n}${this.query(taskId, [])}`;
  }

  /** One of a task's videos; `n` from 1. */
  video(base: string, taskId: string, n: number): string {
    return `${base}/mj/video/${taskId}/${n}${this.query(taskId, [])}`;
  }

  private query(taskId: string, parts: readonly string[]): string {
    const all = this.sign === null ? parts : [...parts, `s=${this.sign(taskId)}`];
    return all.length === 0 ? '' : `?${all.join('&')}`;
  }
}

/** Links that anyone who knows the id can follow. */
export const OPEN_LINKS = new PictureLinks(null);
