import { sidesFor, WHOLE, zoomOut, type Canvas } from './canvas.js';
import { fromRgb, hex, lch } from './colour.js';
import { readText } from './lexicon.js';
import { sceneSvg } from './scene.js';
import { Dice } from './seeded.js';

const scene = { text: 'a red fox in snow', seed: 5, drifts: [], given: [], aspect: 1.5, view: WHOLE };

describe('sceneSvg', () => {
  it('draws the same for the same request', () => {
    expect(sceneSvg(scene, 600, 400)).toBe(sceneSvg({ ...scene }, 600, 400));
  });

  it('draws other takes for other seeds and relatives for drifts', () => {
    const taken = new Set(
      [scene, { ...scene, seed: 6 }, { ...scene, drifts: [{ seed: 9, amount: 0.3 }] }].map((each) =>
        sceneSvg(each, 600, 400),
      ),
    );
    expect(taken.size).toBe(3);
  });

  it('draws the same world at any size', () => {
    const inner = (svg: string): string => svg.slice(svg.indexOf('viewBox'));
    expect(inner(sceneSvg(scene, 1200, 800))).toBe(inner(sceneSvg(scene, 600, 400)));
  });

  it.each(['', '🦊', 'a'.repeat(5000), '<svg onload="x">&', '山水 夜', '\u0000'])('can draw %j', (text) => {
    const svg = sceneSvg({ ...scene, text }, 100, 100);
    expect(svg).not.toMatch(/NaN|undefined|onload/);
  });
});

describe('readText', () => {
  it('knows places, light, subjects and colours in the order of the words', () => {
    expect(readText('a cat and a boat on the sea at night, teal')).toMatchObject({
      place: 'sea',
      light: 'night',
      subjects: ['cat', 'boat'],
      hues: [190],
      coat: null,
    });
  });

  it('gives a colour to the subject it stands before', () => {
    expect(readText('a red fox in snow')).toMatchObject({ coat: 25, hues: [], snow: true });
    expect(readText('red mountains and a fox')).toMatchObject({ coat: null, hues: [25] });
  });

  it('reads Chinese', () => {
    expect(readText('一只狐狸在夜晚的森林')).toMatchObject({ place: 'forest', light: 'night', subjects: ['fox'] });
  });

  it('does not find words inside others', () => {
    expect(readText('a catalogue of searing ideas')).toMatchObject({ place: null, subjects: [] });
  });
});

describe('Dice', () => {
  it('answers by name, whatever else is asked', () => {
    const dice = new Dice(3);
    const first = dice.roll('a');
    dice.roll('b');
    expect(dice.roll('a')).toBe(first);
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(1);
  });

  it('drifts a part of the way', () => {
    const [base, other] = [new Dice(3).roll('a'), new Dice(8).roll('a')];
    expect(new Dice(3, [{ seed: 8, amount: 0.25 }]).roll('a')).toBeCloseTo(base + (other - base) * 0.25);
  });
});

it('keeps an area and even sides', () => {
  const { width, height } = sidesFor(16 / 9, 1024 * 1024);
  expect([width % 2, height % 2]).toEqual([0, 0]);
  expect(Math.abs(width * height - 1024 * 1024)).toBeLessThan(4_000);
  expect(sidesFor(100, 1_000_000)).toEqual({ width: 2000, height: 500 });
});

it('zooms out around the middle, and widens to a wanted aspect', () => {
  const canvas: Canvas = { ...scene, kind: 'scene', aspect: 1 };
  expect(zoomOut(canvas, 2).view).toEqual({ x: -0.5, y: -0.5, w: 2, h: 2 });
  expect(zoomOut(canvas, 1, 2).view).toEqual({ x: -0.5, y: 0, w: 2, h: 1 });
});

it('goes to sRGB and back', () => {
  expect(hex(lch(1, 0, 0))).toBe('#ffffff');
  expect(hex(fromRgb(18, 144, 200))).toBe('#1290c8');
});
