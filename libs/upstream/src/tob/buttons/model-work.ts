import table from './model-work.json' with { type: 'json' };
import { PICTURE_WORK, type PictureWork } from '../job/tob-job.js';

export type TobVendor = 'youchuan' | 'legnext';

/** What one model of a vendor is capable of, where a job does not say so itself. */
export interface ModelWork {
  /** The first numbers of its versions: `8` stands for 8.1 and 8.2, and for niji 8. */
  model: string;
  /** The words of its upscales in customIds, after `upsample_`. */
  upscales: readonly string[];
  work: ReadonlySet<PictureWork>;
}

const MODELS: Readonly<Record<TobVendor, readonly ModelWork[]>> = {
  youchuan: table.youchuan.map(validated),
  legnext: table.legnext.map(validated),
};

/** The model of a version such as `8.1`, `niji 7` or `6.1`; the newest of the table where it is none of them. */
export function modelWorkOf(vendor: TobVendor, version: string): ModelWork {
  const [newest, ...older] = MODELS[vendor];
  if (newest === undefined) throw new Error(`model-work.json has no models of ${vendor}`);
  const number = version.replace(/^niji\s+/i, '').replace(/\.0+$/, '');
  const exact = [newest, ...older].find(({ model }) => model === number);
  return exact ?? older.find(({ model }) => model === number.split('.')[0]) ?? oldest(number, older) ?? newest;
}

/** Versions below the oldest of the table are like that. */
function oldest(number: string, models: readonly ModelWork[]): ModelWork | null {
  const last = models.at(-1);
  return last !== undefined && Number(number) < Number(last.model) ? last : null;
}

function validated(row: (typeof table)['youchuan'][number]): ModelWork {
  const work = PICTURE_WORK.filter((name) => row.work.includes(name));
  const isGood = /^\d+(?:\.\d+)?$/.test(row.model) && row.upscales.every((word) => /^v\d\w+$/.test(word));
  if (!isGood || work.length !== row.work.length || row.source === '' || !/^\d{4}-\d{2}/.test(row.checked)) {
    throw new Error(`model-work.json: the row of model ${row.model} is not valid`);
  }
  return { model: row.model, upscales: row.upscales, work: new Set(work) };
}
