/** What kind of place a picture shows. */
export type Place = 'hills' | 'mountains' | 'sea' | 'forest' | 'city' | 'desert' | 'garden' | 'abstract' | 'space';
/** The hour or the air, which decides the light. */
export type Light = 'dawn' | 'day' | 'dusk' | 'night' | 'mist' | 'earth' | 'aurora';
/** What may stand in the picture. */
export type Subject =
  | 'fox'
  | 'cat'
  | 'birds'
  | 'whale'
  | 'boat'
  | 'house'
  | 'castle'
  | 'lighthouse'
  | 'balloon'
  | 'tree'
  | 'flower'
  | 'person';

/** What of a prompt can be drawn. */
export interface Reading {
  readonly place: Place | null;
  readonly light: Light | null;
  readonly subjects: readonly Subject[];
  /** Hues in degrees of OKLCH named for the whole picture, in the order of the words. */
  readonly hues: readonly number[];
  /** The hue named right before a subject ("a red fox"): it colours that alone. */
  readonly coat: number | null;
  /** Named black, white or grey: the picture loses its chroma. */
  readonly colourless: boolean;
  readonly snow: boolean;
  readonly rain: boolean;
}

const PLACES: Record<Place, string> = {
  sea: 'sea seas ocean beach coast wave waves lake river island underwater harbor harbour bay whale whales ship boat sailing 海 湖 河 沙滩 海洋 波浪',
  forest: 'forest forests woods woodland jungle pine pines trees bamboo 森林 树林 竹林',
  city: 'city cities town street streets skyline urban cyberpunk neon skyscraper building buildings tokyo york london 城市 街道 赛博朋克 高楼',
  mountains: 'mountain mountains alps peak peaks cliff canyon himalaya volcano glacier 山 雪山 山脉 峡谷',
  desert: 'desert dune dunes sahara sand camel 沙漠 沙丘',
  space: 'space planet planets galaxy cosmos nebula astronaut stars universe alien 太空 星球 宇宙 银河 星空',
  garden:
    'flower flowers garden rose roses lotus botanical bouquet tulip tulips leaves plant plants peony sakura blossom 花 花园 玫瑰 植物 樱花',
  abstract:
    'abstract geometric pattern logo icon minimalist fluid flowing texture wallpaper gradient poster 抽象 几何 图案 标志',
  hills: 'hill hills valley field fields meadow meadows countryside farm village landscape grass 草地 田野 山谷 村庄',
};

const LIGHTS: Record<Light, string> = {
  night: 'night midnight moon moonlight moonlit starry dark stars neon 夜 夜晚 夜空 月亮 月光 星空',
  dusk: 'sunset dusk evening twilight golden 日落 黄昏 傍晚 夕阳',
  dawn: 'dawn sunrise morning spring 日出 清晨 早晨 春天',
  mist: 'mist misty fog foggy haze cloudy rain rainy storm stormy winter snow snowy 雾 雨 雪 冬天 阴天',
  earth: 'autumn fall vintage retro ancient sepia desert dunes old 秋天 复古 古代',
  aurora: 'aurora northern magic magical fantasy dream dreamy cyberpunk surreal 极光 魔法 梦幻',
  day: 'day sunny noon summer bright sun 白天 阳光 夏天 晴天',
};

const SUBJECTS: Record<Subject, string> = {
  fox: 'fox foxes vulpine wolf dog puppy 狐狸 狼 狗',
  cat: 'cat cats kitten kitty tiger lion panther 猫 小猫 老虎 狮子',
  birds: 'bird birds eagle swallow crane cranes gull gulls crow raven owl 鸟 鹤 鹰',
  whale: 'whale whales dolphin fish shark 鲸鱼 鲸 海豚 鱼',
  boat: 'boat boats ship ships sail sailing sailboat yacht 船 帆船',
  house: 'house houses cottage cabin home hut barn farm village 房子 小屋 村庄',
  castle: 'castle castles tower palace fortress temple pagoda 城堡 宫殿 塔 寺庙',
  lighthouse: 'lighthouse beacon 灯塔',
  balloon: 'balloon balloons airship zeppelin 气球 热气球',
  tree: 'tree oak willow baobab bonsai 树 大树',
  flower: 'flower flowers rose lotus tulip blossom sunflower poppy 花 玫瑰 荷花',
  person:
    'person man woman girl boy portrait lady king queen samurai warrior hero monk face human astronaut princess model 人 女孩 男孩 女人 男人 少女 武士 公主 肖像',
};

const HUES: readonly (readonly [number, string])[] = [
  [25, 'red crimson scarlet ruby 红 红色'],
  [50, 'orange tangerine copper 橙 橙色'],
  [70, 'brown amber bronze 棕 棕色'],
  [90, 'yellow gold golden lemon 黄 黄色 金色'],
  [140, 'green emerald lime olive jade 绿 绿色'],
  [190, 'teal turquoise cyan aqua 青 青色'],
  [250, 'blue azure navy cobalt indigo sapphire 蓝 蓝色'],
  [305, 'purple violet lavender lilac 紫 紫色'],
  [355, 'pink magenta rose fuchsia coral 粉 粉色'],
];
const COLOURLESS = 'black white grey gray monochrome noir charcoal ink 黑白 水墨';
const SNOW = 'snow snowy winter ice arctic blizzard christmas 雪 冬天 圣诞';
const RAIN = 'rain rainy storm stormy 雨 暴雨';

/** The first place of one of the words in a text, or -1. Latin words are matched whole, Chinese ones anywhere. */
function finder(text: string): (vocabulary: string) => number {
  const lower = text.toLowerCase();
  const latin = new Map<string, number>();
  for (const word of lower.matchAll(/[a-z]+/g)) if (!latin.has(word[0])) latin.set(word[0], word.index);
  return (vocabulary) =>
    vocabulary.split(' ').reduce((first, word) => {
      const at = /^[a-z]/.test(word) ? (latin.get(word) ?? -1) : lower.indexOf(word);
      return at >= 0 && (first < 0 || at < first) ? at : first;
    }, -1);
}

/** The longest gap in characters between a colour and the subject that it belongs to: "red, fluffy fox" is too far. */
const COAT_REACH = 9;
const CLOTHES = /\b(coat|dress|hat|cloak|robe|scarf|shirt|kimono|armou?r|jacket|cape)\b/i;

/** Reads the drawable things out of a prompt's text (English or Chinese words; anything else is left to chance). */
export function readText(text: string): Reading {
  const find = finder(text);
  const inOrder = <T>(entries: readonly (readonly [T, string])[]): { item: T; at: number }[] =>
    entries
      .map(([item, vocabulary]) => ({ item, at: find(vocabulary) }))
      .filter(({ at }) => at >= 0)
      .sort((one, other) => one.at - other.at);
  const subjects = inOrder(Object.entries(SUBJECTS) as [Subject, string][]).slice(0, 3);
  const hues = inOrder(HUES);
  const worn = CLOTHES.exec(text);
  const things = [...subjects.map(({ at }) => at), ...(worn === null ? [] : [worn.index])];
  const coat = hues.find((hue) => things.some((at) => at > hue.at && at - hue.at <= COAT_REACH));
  const lights = inOrder(Object.entries(LIGHTS) as [Light, string][]);
  return {
    place: inOrder(Object.entries(PLACES) as [Place, string][])[0]?.item ?? null,
    // The hour says more of the light than the weather does.
    light: (lights.find(({ item }) => item !== 'mist' && item !== 'earth') ?? lights[0])?.item ?? null,
    subjects: subjects.map(({ item }) => item),
    hues: hues
      .filter((hue) => hue !== coat)
      .map(({ item }) => item)
      .slice(0, 2),
    coat: coat?.item ?? null,
    colourless: find(COLOURLESS) >= 0,
    snow: find(SNOW) >= 0,
    rain: find(RAIN) >= 0,
  };
}
