import { hueGap, type Lch } from '../drawing/colour.js';
import { hashText, mixSeeds } from '../drawing/seeded.js';

/** What describe found: four prompts, in English and in Chinese. */
export interface Described {
  readonly english: readonly string[];
  readonly chinese: readonly string[];
}

const RATIOS = ['1:1', '3:2', '2:3', '4:3', '3:4', '16:9', '9:16', '5:4', '4:5', '2:1', '1:2', '3:1', '1:3'] as const;
const HUES: readonly (readonly [number, string, string])[] = [
  [10, 'rose', '玫瑰色'],
  [30, 'red', '红色'],
  [55, 'orange', '橙色'],
  [80, 'amber', '琥珀色'],
  [100, 'golden yellow', '金黄色'],
  [125, 'lime green', '黄绿色'],
  [150, 'green', '绿色'],
  [190, 'teal', '青色'],
  [230, 'sky blue', '天蓝色'],
  [265, 'blue', '蓝色'],
  [300, 'violet', '紫色'],
  [345, 'pink', '粉色'],
];
const SCENES: readonly (readonly [string, string])[] = [
  ['a quiet landscape with layered shapes', '层次分明的宁静风景'],
  ['a minimalist poster composition', '极简主义海报构图'],
  ['an atmospheric scene with soft depth', '氛围柔和、富有纵深的场景'],
  ['a close view with flowing forms', '线条流动的近景'],
  ['a wide cinematic view', '宽广的电影感画面'],
];
const STYLES: readonly (readonly [string, string])[] = [
  ['flat vector illustration, clean edges', '扁平矢量插画，边缘干净'],
  ['gouache painting, visible brush strokes', '水粉画，笔触清晰'],
  ['35mm film photography, fine grain', '35毫米胶片摄影，细腻颗粒'],
  ['watercolor on textured paper', '纹理纸上的水彩'],
  ['digital art, highly detailed', '数字艺术，细节丰富'],
];

/** The `--ar` nearest to a picture's sides. */
export function nearestRatio(width: number, height: number): string {
  const wanted = Math.log(width / height);
  const off = (ratio: string): number => {
    const [wide = 1, tall = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log(wide / tall) - wanted);
  };
  return RATIOS.reduce<string>((best, ratio) => (off(ratio) < off(best) - 1e-9 ? ratio : best), '1:1');
}

/** A colour's name, in English and Chinese. */
export function nameColour({ l, c, h }: Lch): readonly [string, string] {
  if (c < 0.035)
    return l > 0.85
      ? ['white', '白色']
      : l > 0.55
        ? ['pale grey', '浅灰色']
        : l > 0.28
          ? ['grey', '灰色']
          : ['black', '黑色'];
  const nearest = HUES.reduce((best, hue) => (Math.abs(hueGap(h, hue[0])) < Math.abs(hueGap(h, best[0])) ? hue : best));
  const [, english, chinese] = nearest;
  return l > 0.78
    ? [`pale ${english}`, `浅${chinese}`]
    : l < 0.4
      ? [`deep ${english}`, `深${chinese}`]
      : [english, chinese];
}

/** Four prompts for a picture by what can be measured of it: its colours, its light, its sides. */
export function describePicture(colours: readonly Lch[], width: number, height: number, seed: number): Described {
  const names = new Map(colours.map((colour) => nameColour(colour)).map((name) => [name[0], name]));
  const found = names.size === 0 ? [['muted', '柔和色'] as const] : [...names.values()];
  const light = colours.reduce((sum, { l }) => sum + l, 0) / Math.max(1, colours.length);
  const mood =
    light > 0.75
      ? (['bright and airy', '明亮通透'] as const)
      : light > 0.45
        ? (['balanced natural light', '自然柔光'] as const)
        : (['low key, dramatic light', '低调戏剧光'] as const);
  const ratio = nearestRatio(width, height);
  const roll = mixSeeds(seed, hashText('describe'));
  const english: string[] = [];
  const chinese: string[] = [];
  for (let at = 0; at < 4; at += 1) {
    const scene = SCENES[(at + roll) % SCENES.length] ?? ['a scene', '场景'];
    const style = STYLES[(at + (roll >>> 8)) % STYLES.length] ?? ['illustration', '插画'];
    const one = found[at % found.length] ?? ['muted', '柔和色'];
    const two = found[(at + 1) % found.length] ?? one;
    const pair = one === two ? one : ([`${one[0]} and ${two[0]}`, `${one[1]}与${two[1]}`] as const);
    english.push(`${scene[0]} in ${pair[0]} tones, ${mood[0]}, ${style[0]} --ar ${ratio}`);
    chinese.push(`${pair[1]}调的${scene[1]}，${mood[1]}，${style[1]} --ar ${ratio}`);
  }
  return { english, chinese };
}
