import type { SlotKey } from '../kinds.ts';
import type { Picture } from '../pictures/picture.ts';

const DATABASE = 'journeyman.create';
const STORE = 'pictures';

function done<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

async function withStore<Value>(
  mode: IDBTransactionMode,
  use: (store: IDBObjectStore) => Promise<Value>,
): Promise<Value> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await done(opening);
  try {
    return await use(database.transaction(STORE, mode).objectStore(STORE));
  } finally {
    database.close();
  }
}

/** The pictures of the last visit, by slot. None where the browser keeps nothing for this page. */
export async function loadPictures(): Promise<[SlotKey, Picture[]][]> {
  try {
    return await withStore('readonly', async (store) => {
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done<unknown[]>(store.getAll())]);
      return keys.map((key, at) => [key as SlotKey, values[at] as Picture[]]);
    });
  } catch {
    return [];
  }
}

/** Keeps the pictures of a slot. Where there is no room for them they are gone after a reload, and nothing else is lost. */
export async function storePictures(key: SlotKey, pictures: readonly Picture[]): Promise<void> {
  try {
    await withStore('readwrite', async (store) => {
      if (pictures.length === 0) await done(store.delete(key));
      else await done(store.put([...pictures], key));
    });
  } catch {
    // Private windows and full disks.
  }
}
