/** A place, in px of the frame or of the picture. */
export interface Point {
  x: number;
  y: number;
}

/** Width and height in px. */
export interface Sides {
  width: number;
  height: number;
}

/** How a picture is seen in a frame: its point p is at `p * scale + (x, y)`. */
export interface View extends Point {
  /** px of the frame for one px of the picture. */
  scale: number;
}

/** Largest scale, px of the frame for one of the picture; less for pictures that are larger than their frame needs. */
const LARGEST_SCALE = 8;

/** The view that shows the whole picture as large as it goes, but not larger than `most` times its size. */
export function fitView(picture: Sides, frame: Sides, most = Number.POSITIVE_INFINITY): View {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height, most);
  return centred(picture, frame, Number.isFinite(scale) && scale > 0 ? scale : 1);
}

/** The view at a scale with the middle of the picture in the middle of the frame. */
export function centred(picture: Sides, frame: Sides, scale: number): View {
  return {
    scale,
    x: (frame.width - picture.width * scale) / 2,
    y: (frame.height - picture.height * scale) / 2,
  };
}

/** The same view with a side that is smaller than the frame in its middle, and no edge of a larger one inside the frame. */
export function keptInFrame({ scale, x, y }: View, picture: Sides, frame: Sides): View {
  return {
    scale,
    x: keptOnAxis(x, picture.width * scale, frame.width),
    y: keptOnAxis(y, picture.height * scale, frame.height),
  };
}

function keptOnAxis(offset: number, shown: number, room: number): number {
  if (shown <= room) return (room - shown) / 2;
  return Math.min(0, Math.max(room - shown, offset));
}

/**
 * Zooms so that what is under a point of the frame stays there.
 *
 * @param factor above 1 comes nearer
 * @param least smallest scale, usually that of the whole picture
 */
export function zoomedAt(view: View, at: Point, factor: number, least: number): View {
  const scale = Math.min(Math.max(view.scale * factor, least), Math.max(LARGEST_SCALE, least));
  const grown = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown };
}

/** The view moved by px of the frame. */
export function movedBy(view: View, by: Point): View {
  return { ...view, x: view.x + by.x, y: view.y + by.y };
}

/** The point of the picture that is at a point of the frame; it may lie outside of the picture. */
export function onPicture({ scale, x, y }: View, at: Point): Point {
  return { x: (at.x - x) / scale, y: (at.y - y) / scale };
}

/** The point of the frame at which a point of the picture is. */
export function onFrame({ scale, x, y }: View, at: Point): Point {
  return { x: at.x * scale + x, y: at.y * scale + y };
}

/**
 * The view after two fingers moved: what was between them stays between them, and grows as their distance does.
 *
 * @param before both fingers before, px of the frame
 * @param after both fingers now
 */
export function pinched(
  view: View,
  before: readonly [Point, Point],
  after: readonly [Point, Point],
  least: number,
): View {
  const [from, to] = [middle(...before), middle(...after)];
  const spread = distance(...before);
  const factor = spread < 1 ? 1 : distance(...after) / spread;
  return zoomedAt(movedBy(view, { x: to.x - from.x, y: to.y - from.y }), to, factor, least);
}

/** Distance of two points in px. */
export function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
