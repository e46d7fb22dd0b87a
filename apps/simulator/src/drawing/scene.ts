import { paintAbstract, paintSpace } from './abstract.js';
import { type Lch } from './colour.js';
import { paintBirds, paintCat, paintFox, paintPerson, paintWhale } from './creatures.js';
import { paintGarden } from './flora.js';
import { paintLand, paintWeather } from './land.js';
import { type Place, type Reading, readText, type Subject } from './lexicon.js';
import {
  paintBalloon,
  paintBoat,
  paintCastle,
  paintFlower,
  paintHouse,
  paintLighthouse,
  paintTree,
} from './objects.js';
import { choosePalette } from './palette.js';
import { Dice, type Drift, hashText, mixSeeds } from './seeded.js';
import { paintCity } from './skyline.js';
import { Paper, type Stage, type Window } from './stage.js';
import { paintSea } from './water.js';

/** One scene to paint. */
export interface SceneRequest {
  /** The words of the prompt, without parameters. */
  readonly text: string;
  readonly seed: number;
  readonly drifts: readonly Drift[];
  /** Colours of pictures given along. */
  readonly given: readonly Lch[];
  /** Width by height of the unshifted frame. */
  readonly aspect: number;
  /** What to show, in parts of the unshifted frame; (0, 0, 1, 1) is the frame itself. */
  readonly view: Window;
}

const FREE_PLACES: readonly [Place, ...Place[]] = [
  'hills',
  'mountains',
  'sea',
  'garden',
  'abstract',
  'forest',
  'desert',
  'abstract',
];
const HOME: Partial<Record<Subject, Place>> = {
  whale: 'sea',
  boat: 'sea',
  lighthouse: 'sea',
  flower: 'garden',
  castle: 'hills',
  house: 'hills',
  tree: 'hills',
  fox: 'forest',
  balloon: 'hills',
};

/** The SVG of a scene at a size in pixels. The same request gives the same text, at any size. */
export function sceneSvg(request: SceneRequest, width: number, height: number): string {
  const frame = 1000 * request.aspect;
  const { view } = request;
  const window: Window = { x: view.x * frame, y: view.y * 1000, w: view.w * frame, h: view.h * 1000 };
  const reading = readText(request.text);
  const words = hashText(request.text.toLowerCase().trim());
  // The light is the prompt's, the arrangement each picture's own: four takes are one idea.
  const idea = new Dice(words);
  const dice = new Dice(mixSeeds(request.seed, words), request.drifts);
  const paper = new Paper(window);
  const toned: Reading =
    reading.light === null && reading.place !== 'space'
      ? { ...reading, light: idea.pick('light', ['dawn', 'day', 'dusk', 'night', 'mist', 'earth', 'aurora', 'dusk']) }
      : reading;
  const stage: Stage = { paper, dice, palette: choosePalette(toned, dice, request.given), reading, frame, window };
  const home = reading.subjects.map((subject) => HOME[subject]).find((place) => place !== undefined);
  const place = reading.place ?? home ?? idea.pick('place', FREE_PLACES);
  const ground = paintPlace(stage, place);
  paintSubjects(stage, place, ground);
  if (place !== 'space' && place !== 'abstract') paintWeather(stage);
  return paper.svg(width, height);
}

function paintPlace(stage: Stage, place: Place): (x: number) => number {
  switch (place) {
    case 'hills':
    case 'mountains':
    case 'desert':
    case 'forest':
      return paintLand(stage, place);
    case 'sea':
      return paintSea(stage);
    case 'city':
      return paintCity(stage);
    case 'garden':
      paintGarden(stage);
      return () => 960;
    case 'abstract':
      paintAbstract(stage);
      return () => 820;
    case 'space':
      paintSpace(stage);
      return () => 900;
  }
}

const PAINT: Record<Subject, (stage: Stage) => void> = {
  fox: paintFox,
  cat: paintCat,
  birds: paintBirds,
  whale: paintWhale,
  boat: paintBoat,
  house: paintHouse,
  castle: paintCastle,
  lighthouse: paintLighthouse,
  balloon: paintBalloon,
  tree: paintTree,
  flower: paintFlower,
  person: paintPerson,
};
const AIRBORNE: readonly Subject[] = ['birds', 'balloon'];
const AFLOAT: readonly Subject[] = ['boat', 'whale'];

function paintSubjects(stage: Stage, place: Place, ground: (x: number) => number): void {
  const { paper, dice, reading, frame } = stage;
  const subjects = place === 'garden' ? reading.subjects.filter((subject) => subject !== 'flower') : reading.subjects;
  subjects.forEach((subject, order) => {
    const own = dice.at('subject', order);
    const share = (order + 1) / (subjects.length + 1);
    const x = frame * Math.min(0.8, Math.max(0.2, share + own.between('x', -0.17, 0.17)));
    const scale =
      own.between('scale', 1.25, 2.05) * Math.min(1.15, Math.max(0.62, stage.frame / 1000)) * (order === 0 ? 1 : 0.8);
    const flip = own.chance('flip', 0.5);
    const flies = AIRBORNE.includes(subject);
    const floats = place === 'sea' && AFLOAT.includes(subject);
    const y = flies
      ? own.between('y', 300, 470)
      : floats
        ? own.between('y', 700, 800)
        : place === 'sea'
          ? own.between('y', 870, 930)
          : Math.min(ground(x) + 34, 950);
    paper.placed(x, y, scale, flip, () => PAINT[subject](stage));
  });
}
