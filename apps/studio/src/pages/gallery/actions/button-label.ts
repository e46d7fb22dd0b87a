import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  Brush,
  Clapperboard,
  Eraser,
  Heart,
  RefreshCw,
  Scaling,
  Shuffle,
  Sparkles,
  Square,
  WandSparkles,
  ZoomOut,
  type IconNode,
} from 'lucide';
import { priceOf } from '../../../app/account.ts';
import type { Schemas } from '../../../api/client.ts';
import { formatCredits } from '../../../i18n/format.ts';
import type { ButtonGroup, ButtonKind, ButtonName } from './button-kind.ts';
import { strings } from './strings.ts';

export type TaskButton = Schemas['ButtonDto'];

const GROUP_ICONS: Record<ButtonGroup, IconNode> = {
  upscale: Scaling,
  vary: Shuffle,
  again: RefreshCw,
  prompt: Sparkles,
  edit: WandSparkles,
  zoom: ZoomOut,
  pan: ArrowRight,
  animate: Clapperboard,
  other: Sparkles,
};

const OWN_ICONS: Partial<Record<ButtonName, IconNode>> = {
  panLeft: ArrowLeft,
  panRight: ArrowRight,
  panUp: ArrowUp,
  panDown: ArrowDown,
  region: Brush,
  removeBackground: Eraser,
  makeSquare: Square,
  favourite: Heart,
};

/** Kinds that are there once for every picture of a grid, so that their number belongs to their name. */
const NUMBERED: ReadonlySet<ButtonName> = new Set(['upscale', 'vary', 'imaginePrompt']);
const PLACES_OF_A_GRID = 4;

/** The icon of a kind of button. */
export function buttonIcon({ name, group }: ButtonKind): IconNode {
  return (name === null ? undefined : OWN_ICONS[name]) ?? GROUP_ICONS[group];
}

/** A button's name in the reader's language; one that is not known has the upstream's label. */
export function buttonText(button: TaskButton, { name, index }: ButtonKind, pictures: number): string {
  const texts = strings.value;
  if (name === null) return [button.emoji, button.label].filter((part) => part !== '').join(' ') || button.customId;
  const said = texts.names[name];
  if (index === null) return said;
  return NUMBERED.has(name) || pictures > 1 ? texts.numbered(said, index) : said;
}

/** A longer name, which says where in a grid the picture is. */
export function buttonTitle(button: TaskButton, kind: ButtonKind, pictures: number): string {
  const text = buttonText(button, kind, pictures);
  const { placed, place } = strings.value;
  const { name, index, group } = kind;
  if (name === null || index === null || pictures !== PLACES_OF_A_GRID || group === 'prompt') return text;
  const where = place.split('|')[index - 1];
  return where === undefined ? text : placed(text, where);
}

/** Action that a kind of button is billed as. */
const ACTIONS: Record<ButtonGroup, string> = {
  upscale: 'UPSCALE',
  vary: 'VARIATION',
  again: 'REROLL',
  prompt: 'IMAGINE',
  edit: 'ACTION',
  zoom: 'ZOOM',
  pan: 'PAN',
  animate: 'VIDEO',
  other: 'ACTION',
};
const OWN_ACTIONS: Partial<Record<ButtonName, string>> = {
  upscaleSubtle: 'UPSCALE_HD',
  upscaleCreative: 'UPSCALE_HD',
  upscale2x: 'UPSCALE_HD',
  upscale4x: 'UPSCALE_HD',
  videoUpscale: 'VIDEO_UPSCALE',
  varySubtle: 'LOW_VARIATION',
  varyStrong: 'HIGH_VARIATION',
  describeAgain: 'DESCRIBE',
  region: 'INPAINT',
  remix: 'REMIX',
  remixSubtle: 'REMIX',
  remixStrong: 'REMIX',
  enhance: 'ENHANCE',
  removeBackground: 'REMOVE_BACKGROUND',
  customZoom: 'CUSTOM_ZOOM',
};
/** What a press costs, as text; null where it is not known. @param mode of the task: a follow-up runs in it too */
export function buttonPrice({ name, group }: ButtonKind, mode: string): string | null {
  if (name === 'imagineAll') return null;
  const action = (name === null ? undefined : OWN_ACTIONS[name]) ?? ACTIONS[group];
  const price = priceOf({ action, mode });
  return price === null ? null : formatCredits(price);
}
