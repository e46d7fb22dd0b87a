import type { ConvertedPicture, ForeignFormat, PictureConverter } from '#libs/assets';
import { PictureText, type Picture, type SubmitCommand } from '#libs/upstream';
import { MjError } from '../../http/errors/mj-error.js';
import { ConvertiblePicture } from './convertible-picture.js';
import { InputPictures } from './input-pictures.js';

const RAW = Buffer.from('the bytes of a picture in another format');
const MADE = Buffer.alloc(2_000_003, 7);

function convertible(format: ForeignFormat = 'avif', field = 'base64Array'): ConvertiblePicture {
  const base64 = Buffer.from(RAW.toString('base64'), 'latin1');
  // In pieces, as it comes from a body.
  return new ConvertiblePicture([base64.subarray(0, 10), base64.subarray(10)], format, field);
}

function inputs(result: ConvertedPicture, seen: Uint8Array[] = [], askers: string[] = []): InputPictures {
  const convert: PictureConverter['convert'] = async (read, _limits, asker) => {
    seen.push(await read());
    askers.push(asker);
    return result;
  };
  return new InputPictures({ convert });
}

const command = (fields: Record<string, unknown>): SubmitCommand =>
  ({ kind: 'imagine', prompt: 'a fox', botType: 'MID_JOURNEY', mode: 'FAST', ...fields }) as unknown as SubmitCommand;
const jpeg: ConvertedPicture = { kind: 'converted', bytes: MADE, type: 'image/jpeg' };

async function refusalOf(result: ConvertedPicture): Promise<[string, unknown]> {
  const error: unknown = await inputs(result)
    .converted(command({ images: [convertible('heic', 'image')] }), '1')
    .then(
      () => null,
      (reason: unknown) => reason,
    );
  if (!(error instanceof MjError)) throw new Error('it was not refused');
  return [error.code, error.extras.properties];
}

describe('InputPictures', () => {
  it('leaves a command alone that has nothing to convert', async () => {
    const plain = command({ images: ['data:image/png;base64,AAAA', new PictureText('data:image/png;base64,')] });
    expect(await inputs(jpeg).converted(plain, '1')).toBe(plain);
  });

  it.each(['images', 'image', 'endImage', 'mask', 'source', 'target'])('converts what is in %s', async (field) => {
    const [seen, askers]: [Uint8Array[], string[]] = [[], []];
    const isList = field === 'images';
    const given = command({ [field]: isList ? ['https://example.com/a.png', convertible()] : convertible() });
    const made = (await inputs(jpeg, seen, askers).converted(given, '17')) as unknown as Record<string, unknown>;
    const picture = (isList ? (made[field] as Picture[])[1] : made[field]) as PictureText;
    expect(String(picture) === `data:image/jpeg;base64,${MADE.toString('base64')}`).toBe(true);
    expect(picture.bytes).toBe(MADE.length);
    if (isList) expect((made[field] as Picture[])[0]).toBe('https://example.com/a.png');
    expect(Buffer.from(seen[0] ?? [])).toEqual(RAW);
    expect(askers).toEqual(['key 17']);
    expect(made).toMatchObject({ kind: 'imagine', prompt: 'a fox', mode: 'FAST' });
  });

  it('names the format of what cannot be read, and refuses what is too large as any other picture', async () => {
    expect(await refusalOf({ kind: 'unreadable' })).toEqual(['base64_is_invalid', { field: 'image', format: 'heic' }]);
    expect(await refusalOf({ kind: 'too_large' })).toEqual(['image_too_large', { field: 'image' }]);
    const long: ConvertedPicture = { kind: 'converted', bytes: Buffer.alloc(10 * 1024 * 1024 + 1), type: 'image/png' };
    expect(await refusalOf(long)).toEqual(['image_too_large', { field: 'image' }]);
    expect((await refusalOf({ kind: 'busy' }))[0]).toBe('pictures_busy');
  });
});
