const HEAD = Buffer.from('89504e470d0a1a0a0000000d49484452000003e8000003e8080200000000000000', 'hex');
const END = Buffer.from('0000000049454e44ae426082', 'hex');

/** A PNG by its structure, from its head to its end, of exactly so many bytes; what lies between is what `fill` gives. */
export function wholePng(bytes: number, fill: (at: number) => number): Buffer {
  const picture = Buffer.alloc(bytes);
  const from = HEAD.length + 8;
  const to = bytes - END.length - 4;
  for (let at = from; at < to; at += 1) picture[at] = fill(at) & 0xff;
  HEAD.copy(picture);
  picture.writeUInt32BE(to - from, HEAD.length);
  picture.write('IDAT', HEAD.length + 4, 'latin1');
  END.copy(picture, to + 4);
  return picture;
}
