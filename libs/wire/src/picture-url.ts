/** Signs the pictures of a task; what it gives is a query value. */
export type PictureSigner = (taskId: string) => string;

/** A file ending that a link may have. It is part of the name: what is sent is what there is. */
const ENDING = /\.(png|jpe?g|webp|gif|avif|mp4|webm)$/i;
const USUAL_ENDING = '.png';
const FILM_ENDING = '.mp4';

/** The last part of a link's path without the ending that it may have; one that no picture has is left. */
export function withoutEnding(name: string): string {
  return name.replace(ENDING, '');
}

/**
 * Builds the gateway's own links to pictures and videos; with a signer they carry `?s=`, without which they are refused,
 * and with endings their paths look like files to programs that go by that.
 */
export class PictureLinks {
  constructor(
    private readonly sign: PictureSigner | null,
    private readonly hasEndings = false,
  ) {}

  /**
   * `version` is given while a task runs: previews change under one URL, so the query tells them apart.
   * @param source where the upstream has the task's picture: its ending is taken over
   */
  image(base: string, taskId: string, source: string | null, version?: number): string {
    const path = `${base}/mj/image/${taskId}${this.ending(source)}`;
    return path + this.query(taskId, version === undefined ? [] : [`v=${version}`]);
  }

  /** One of a task's single pictures; `n` from 1. */
  picture(base: string, taskId: string, n: number, source: string | null): string {
    return `${base}/mj/image/${taskId}/${n}${this.ending(source)}${this.query(taskId, [])}`;
  }

  /** One of a task's videos; `n` from 1. */
  video(base: string, taskId: string, n: number): string {
    return `${base}/mj/video/${taskId}/${n}${this.hasEndings ? FILM_ENDING : ''}${this.query(taskId, [])}`;
  }

  private ending(source: string | null): string {
    if (!this.hasEndings) return '';
    const [path = ''] = (source ?? '').split(/[?#]/, 1);
    return ENDING.exec(path)?.[0].toLowerCase() ?? USUAL_ENDING;
  }

  private query(taskId: string, parts: readonly string[]): string {
    const all = this.sign === null ? parts : [...parts, `s=${this.sign(taskId)}`];
    return all.length === 0 ? '' : `?${all.join('&')}`;
  }
}

/** Links that anyone who knows the id can follow. */
export const OPEN_LINKS = new PictureLinks(null);
