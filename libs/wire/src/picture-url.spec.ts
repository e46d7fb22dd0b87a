import { PictureLinks, withoutEnding } from './picture-url.js';

const ID = '6240000000000001';

describe('links with endings', () => {
  const links = new PictureLinks((id) => `mac-${id}`, true);

  it.each([
    ['https://up.test/a.png', '.png'],
    ['https://up.test/a.WEBP?ex=1&name=b.jpg', '.webp'],
    ['https://up.test/a.jpeg#x', '.jpeg'],
    ['https://up.test/a.svg', '.png'],
    ['https://up.test/a?file=b.webp', '.png'],
    ['https://up.test/attachment', '.png'],
    [null, '.png'],
  ])('take that of %s: %s', (source, ending) => {
    expect(links.image('https://mj.test', ID, source, 3)).toBe(
      `https://mj.test/mj/image/${ID}${ending}?v=3&s=mac-${ID}`,
    );
    expect(links.picture('https://mj.test', ID, 2, source)).toBe(
      `https://mj.test/mj/image/${ID}/2${ending}?s=mac-${ID}`,
    );
  });

  it('are films where they lead to one', () => {
    expect(links.video('https://mj.test', ID, 1)).toBe(`https://mj.test/mj/video/${ID}/1.mp4?s=mac-${ID}`);
  });
});

it('links have none unless asked to', () => {
  const links = new PictureLinks(null);
  expect(links.image('', ID, 'https://up.test/a.png')).toBe(`/mj/image/${ID}`);
  expect(links.picture('', ID, 1, 'https://up.test/a.png')).toBe(`/mj/image/${ID}/1`);
  expect(links.video('', ID, 1)).toBe(`/mj/video/${ID}/1`);
});

describe('the name in a link', () => {
  it.each([
    ['1.png', '1'],
    ['1.JPG', '1'],
    ['1.jpeg', '1'],
    ['1.webp', '1'],
    ['1.gif', '1'],
    ['1.avif', '1'],
    ['1.mp4', '1'],
    ['1.WebM', '1'],
    ['1', '1'],
    ['1.png.png', '1.png'],
    ['1.svg', '1.svg'],
    ['1.', '1.'],
    ['1png', '1png'],
    ['.png', ''],
  ])('of %s is %j', (name, bare) => {
    expect(withoutEnding(name)).toBe(bare);
  });
});
