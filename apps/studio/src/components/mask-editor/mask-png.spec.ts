import sharp from 'sharp';
import { MaskBitmap } from './mask-bitmap.ts';
import { maskDataUrl, maskPng } from './mask-png.ts';

describe('maskPng', () => {
  it('is a grey picture of the mask’s own size without transparency, white where it is marked', async () => {
    const bitmap = new MaskBitmap(37, 11);
    bitmap.rectangle({ x: 5, y: 2 }, { x: 20, y: 9 }, true);
    const read = sharp(await maskPng(bitmap));
    expect(await read.metadata()).toMatchObject({ format: 'png', width: 37, height: 11, channels: 1, hasAlpha: false });
    expect(new Uint8Array(await read.extractChannel(0).raw().toBuffer())).toEqual(bitmap.bytes);
  });

  it('is told as data URL', async () => {
    const url = await maskDataUrl(new MaskBitmap(300, 300));
    expect(url).toMatch(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
    expect(Buffer.from(url.split(',')[1] ?? '', 'base64')).toEqual(
      Buffer.from(await maskPng(new MaskBitmap(300, 300))),
    );
  });
});
