/** @jest-environment jsdom */
import { forgetPicture, notePicture, pictureInAddress } from './picture-address.ts';

describe('the address of a picture', () => {
  it('is read as it was written, and goes without a trace', () => {
    history.replaceState(null, '', '/studio/gallery?q=fox');
    notePicture('6237012345678901', 3);
    expect(location.pathname + location.search + location.hash).toBe(
      '/studio/gallery?q=fox#picture=6237012345678901.3',
    );
    expect(pictureInAddress()).toEqual({ id: '6237012345678901', at: 3 });
    forgetPicture();
    expect(location.href).toMatch(/\?q=fox$/);
  });

  it('of a whole grid has no number', () => {
    notePicture('62', 0);
    expect([location.hash, pictureInAddress()]).toEqual(['#picture=62', { id: '62', at: 0 }]);
  });

  it.each(['', '#content', '#picture=', '#picture=x', '#ticket=1'])('is none in %j', (fragment) => {
    expect(pictureInAddress(fragment)).toBeNull();
  });
});
