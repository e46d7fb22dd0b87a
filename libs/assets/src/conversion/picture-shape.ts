/** What decides how much memory decoding a picture takes; as the decoder's own header reader tells it. */
export interface PictureShape {
  /** As libvips names it. */
  format: 'png' | 'jpeg' | 'webp' | 'gif' | 'heif' | 'tiff';
  /** Pixels of one frame, as it lies. */
  width: number;
  height: number;
  /** 1 of a still picture. */
  frames: number;
  /** 1 to 5. */
  channels: number;
  /** Of one channel of one pixel. */
  bytes: 1 | 2 | 4;
  /** Whether it has transparency. */
  hasAlpha: boolean;
  /** Interlaced, or progressive: the whole of it is in memory before its first line is known. */
  isProgressive: boolean;
  /** How it is to be turned before it is shown, as EXIF numbers it; 1: not at all. */
  orientation: number;
}

/** Width and height as it is shown. */
export function shownSize({ width, height, orientation }: PictureShape): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
