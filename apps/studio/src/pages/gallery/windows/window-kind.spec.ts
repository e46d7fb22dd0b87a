import { pictureOf, windowKind } from './window-kind.ts';

describe('windowKind', () => {
  it.each([
    ['INPAINT', 'MJ::Inpaint::1::x::SOLO', 'region'],
    ['CUSTOM_ZOOM', 'MJ::CustomZoom::x', 'zoom'],
    ['VIDEO', 'MJ::JOB::animate_high::1::x::SOLO', 'video'],
    ['IMAGINE', 'MJ::Job::PicReader::2', 'imagine'],
    ['PAN', 'MJ::JOB::pan_left::1::x::SOLO', 'remix'],
    ['MODAL', 'MJ::Inpaint::1::x', 'region'],
    ['ACTION', '', 'remix'],
  ] as const)('%s of %j is a window of kind %s', (action, customId, kind) => {
    expect(windowKind({ action, customId })).toBe(kind);
  });
});

describe('pictureOf', () => {
  const grid = {
    imageUrl: 'http://g/mj/image/62',
    // The second was withheld.
    imageUrls: ['1', '3.png', '4?s=abc'].map((end) => ({ url: `http://g/mj/image/62/${end}` })),
  };

  it.each([
    ['MJ::Inpaint::1::x', 'http://g/mj/image/62/1'],
    ['MJ::Inpaint::3::x', 'http://g/mj/image/62/3.png'],
    ['MJ::Inpaint::4::x', 'http://g/mj/image/62/4?s=abc'],
    ['MJ::Inpaint::2::x', 'http://g/mj/image/62'],
    ['MJ::JOB::reroll::0::x', 'http://g/mj/image/62'],
  ])('of a grid for %s is %s', (customId, link) => {
    expect(pictureOf(grid, customId)).toBe(link);
  });

  it('of a single picture is that', () => {
    expect(pictureOf({ imageUrl: 'u', imageUrls: [{ url: 'u/1' }] }, 'MJ::Inpaint::1::x')).toBe('u');
  });
});
