import { Blend, Clapperboard, Image, PaintRoller, ScanText, Scissors, Sparkles, Drama, type IconNode } from 'lucide';

/** What can be made on this page; each is a route of the gateway. */
export const KIND_NAMES = ['imagine', 'blend', 'describe', 'shorten', 'edits', 'retexture', 'video', 'swap'] as const;
export type KindName = (typeof KIND_NAMES)[number];

/** A place for pictures, which is one field of the request. */
export interface PictureSlot {
  name: 'pictures' | 'picture' | 'start' | 'end' | 'source' | 'target';
  field: 'base64Array' | 'base64' | 'image' | 'endImage' | 'sourceBase64' | 'targetBase64';
  /** Field for a picture that is a link, where that is another one. */
  linkField?: 'link' | 'sourceUrl' | 'targetUrl';
  least: number;
  most: number;
}

/** One kind of work: what it takes and where it goes. */
export interface Kind {
  name: KindName;
  icon: IconNode;
  path: string;
  /** The action that a key may be barred from. */
  action: string;
  prompt: 'required' | 'optional' | 'none';
  /** Whether its text is a prompt with parameters. */
  isLinted: boolean;
  slots: readonly PictureSlot[];
}

/** The gateway's limit for pictures in a prompt. */
const MOST_REFERENCES = 20;
const ONE_PICTURE: PictureSlot = { name: 'picture', field: 'image', least: 1, most: 1 };

export const KINDS: Readonly<Record<KindName, Kind>> = {
  imagine: {
    name: 'imagine',
    icon: Sparkles,
    path: '/mj/submit/imagine',
    action: 'IMAGINE',
    prompt: 'required',
    isLinted: true,
    slots: [{ name: 'pictures', field: 'base64Array', least: 0, most: MOST_REFERENCES }],
  },
  blend: {
    name: 'blend',
    icon: Blend,
    path: '/mj/submit/blend',
    action: 'BLEND',
    prompt: 'none',
    isLinted: false,
    slots: [{ name: 'pictures', field: 'base64Array', least: 2, most: 5 }],
  },
  describe: {
    name: 'describe',
    icon: ScanText,
    path: '/mj/submit/describe',
    action: 'DESCRIBE',
    prompt: 'none',
    isLinted: false,
    slots: [{ name: 'picture', field: 'base64', linkField: 'link', least: 1, most: 1 }],
  },
  shorten: {
    name: 'shorten',
    icon: Scissors,
    path: '/mj/submit/shorten',
    action: 'SHORTEN',
    prompt: 'required',
    isLinted: false,
    slots: [],
  },
  edits: {
    name: 'edits',
    icon: Image,
    path: '/mj/submit/edits',
    action: 'EDITS',
    prompt: 'required',
    isLinted: true,
    slots: [ONE_PICTURE],
  },
  retexture: {
    name: 'retexture',
    icon: PaintRoller,
    path: '/mj/submit/retexture',
    action: 'RETEXTURE',
    prompt: 'required',
    isLinted: true,
    slots: [ONE_PICTURE],
  },
  video: {
    name: 'video',
    icon: Clapperboard,
    path: '/mj/submit/video',
    action: 'VIDEO',
    prompt: 'optional',
    isLinted: true,
    slots: [
      { name: 'start', field: 'image', least: 0, most: 1 },
      { name: 'end', field: 'endImage', least: 0, most: 1 },
    ],
  },
  swap: {
    name: 'swap',
    icon: Drama,
    path: '/mj/insight-face/swap',
    action: 'SWAP_FACE',
    prompt: 'none',
    isLinted: false,
    slots: [
      { name: 'source', field: 'sourceBase64', linkField: 'sourceUrl', least: 1, most: 1 },
      { name: 'target', field: 'targetBase64', linkField: 'targetUrl', least: 1, most: 1 },
    ],
  },
};

/** Where the pictures of a slot are kept in the draft. */
export type SlotKey = `${KindName}/${PictureSlot['name']}`;

export function slotKey(kind: KindName, slot: PictureSlot): SlotKey {
  return `${kind}/${slot.name}`;
}

export function isKindName(text: string | undefined): text is KindName {
  return KIND_NAMES.some((name) => name === text);
}
