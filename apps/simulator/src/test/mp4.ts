/** What a player reads of an MP4 before it plays it. */
export interface Mp4 {
  brand: string;
  codec: string;
  seconds: number;
  frames: number;
  width: number;
  height: number;
}

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);

/** Reads the boxes of an MP4 with one track (ISO 14496-12). @throws Error when one is missing */
export function readMp4(bytes: Buffer): Mp4 {
  const found = new Map<string, Buffer>();
  const walk = (part: Buffer): void => {
    for (let at = 0; at + 8 <= part.length;) {
      const size = part.readUInt32BE(at) || part.length - at;
      const type = part.toString('latin1', at + 4, at + 8);
      const body = part.subarray(at + 8, at + size);
      if (CONTAINERS.has(type)) walk(body);
      else if (!found.has(type)) found.set(type, body);
      at += size;
    }
  };
  walk(bytes);
  const box = (type: string): Buffer => {
    const body = found.get(type);
    if (body === undefined) throw new Error(`there is no ${type}`);
    return body;
  };
  const [movie, description, times] = [box('mvhd'), box('stsd'), box('stts')];
  let frames = 0;
  for (let entry = 0; entry < times.readUInt32BE(4); entry += 1) frames += times.readUInt32BE(8 + entry * 8);
  return {
    brand: box('ftyp').toString('latin1', 0, 4),
    codec: description.toString('latin1', 12, 16),
    seconds: movie.readUInt32BE(16) / movie.readUInt32BE(12),
    frames,
    width: description.readUInt16BE(40),
    height: description.readUInt16BE(42),
  };
}
