/** The properties of a picture that decide how much memory its decoding takes, as the decoder reads them from its header. */
export interface PictureShape {
  /** The name that libvips has for it. */
  format: 'png' | 'jpeg' | 'webp' | 'gif' | 'heif' | 'tiff';
  /** Pixels of one frame as it is stored, before it is turned. */
  width: number;
  height: number;
  /** 1 for a still picture. */
  frames: number;
  /** Colours and transparency: 1 to 5. */
  channels: number;
  /** Bytes of one channel of one pixel. */
  bytes: 1 | 2 | 4;
  /** Whether it has transparency. */
  hasAlpha: boolean;
  /** Interlaced or progressive: all of the picture is in memory before its first line is known. */
  isProgressive: boolean;
  /** Orientation by the numbers of EXIF: how the picture is to be turned before it is shown; 1: not at all. */
  orientation: number;
}

/** Width and height of a picture as it is shown, after it was turned. */
export function shownSize({ width, height, orientation }: PictureShape): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
