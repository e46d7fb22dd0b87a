import { useSignal } from '@preact/signals';
import { ArrowLeft, ArrowRight, ImagePlus, Link, Plus, X } from 'lucide';
import type { VNode } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Button, IconButton } from '../../../components/button.tsx';
import { TextField } from '../../../components/field.tsx';
import { Icon } from '../../../components/icon.tsx';
import { setPictures } from '../draft/draft.ts';
import type { PictureSlot as Slot, SlotKey } from '../kinds.ts';
import { strings } from '../strings.ts';
import { faultText } from './fault-text.ts';
import { ACCEPTED, readPictureFile, readPictureLink, type Picture, type PictureFault } from './picture.ts';
import styles from './picture-slot.module.css';

/** A place for pictures: they are dropped, pasted, chosen or named by a link, can be taken out and put into another order. */
export function PictureSlot({
  id: key,
  slot,
  pictures,
  error,
}: {
  id: SlotKey;
  slot: Slot;
  pictures: readonly Picture[];
  error: string | null;
}): VNode {
  const texts = strings.value.pictures;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  const faults = useSignal<readonly PictureFault[]>([]);
  const isOver = useSignal(false);
  const link = useSignal<string | null>(null);
  const said = useSignal('');
  const { most } = slot;
  const isFull = pictures.length >= most;
  const isCompact = slot.least === 0 && most > 1;

  const take = (taken: readonly (Picture | PictureFault)[]): void => {
    const good = taken.filter((one): one is Picture => 'data' in one);
    const bad = taken.filter((one): one is PictureFault => 'fault' in one);
    const all = most === 1 && good.length > 0 ? good.slice(0, 1) : [...pictures, ...good].slice(0, most);
    if (most > 1 && pictures.length + good.length > most) bad.push({ fault: 'too-many', most });
    if (good.length > 0) setPictures(key, all);
    faults.value = bad;
    said.value = good.length > 0 ? texts.added(all.length) : '';
  };
  const takeFiles = async (files: Iterable<File>): Promise<void> =>
    take(await Promise.all([...files].map(readPictureFile)));
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    isOver.value = false;
    const files = event.dataTransfer?.files;
    if (files !== undefined && files.length > 0) return void takeFiles(files);
    const dropped = event.dataTransfer?.getData('text/uri-list') ?? '';
    if (dropped !== '') take([readPictureLink(dropped.split('\n')[0] ?? '')]);
  };
  const addLink = (): void => {
    const read = readPictureLink(link.value ?? '');
    take([read]);
    if ('data' in read) link.value = null;
  };
  const move = (at: number, by: number): void => {
    const moved = [...pictures];
    const [one] = moved.splice(at, 1);
    if (one === undefined) return;
    moved.splice(at + by, 0, one);
    setPictures(key, moved);
    said.value = texts.moved(at + by + 1);
  };
  const remove = (picture: Picture): void => {
    setPictures(
      key,
      pictures.filter((one) => one !== picture),
    );
    faults.value = [];
    said.value = texts.removed;
    requestAnimationFrame(() => add.current?.focus());
  };

  const shownErrors = [...(error === null ? [] : [error]), ...faults.value.map(faultText)];
  return (
    <section
      class={`${styles['slot']} ${isOver.value ? styles['over'] : ''} ${isCompact ? styles['compact'] : ''}`}
      aria-labelledby={`${id}-label`}
      data-wrong={error !== null}
      onDragOver={(event) => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => (isOver.value = false)}
      onDrop={onDrop}
    >
      <div class={styles['head']}>
        <h2 id={`${id}-label`}>{texts.slots[slot.name]}</h2>
        <span class="soft numeric">{most > 1 ? `${pictures.length} / ${most}` : ''}</span>
      </div>
      <ul class={styles['thumbs']}>
        {pictures.map((picture, at) => (
          <li key={picture.id} class={styles['thumb']}>
            {picture.kind === 'file' ? (
              <img src={picture.data} alt={picture.name} />
            ) : (
              <span class={styles['link']} title={picture.data}>
                <Icon node={Link} />
                <span>{picture.name}</span>
              </span>
            )}
            <span class={styles['tools']}>
              {at > 0 && (
                <IconButton isSmall icon={ArrowLeft} label={texts.earlier(picture.name)} onClick={() => move(at, -1)} />
              )}
              {at < pictures.length - 1 && (
                <IconButton isSmall icon={ArrowRight} label={texts.later(picture.name)} onClick={() => move(at, 1)} />
              )}
              <IconButton isSmall icon={X} label={texts.remove(picture.name)} onClick={() => remove(picture)} />
            </span>
          </li>
        ))}
        {!isFull && (
          <li class={pictures.length === 0 ? styles['wide'] : undefined}>
            <button ref={add} type="button" class={styles['add']} onClick={() => input.current?.click()}>
              <Icon node={pictures.length === 0 ? ImagePlus : Plus} size={22} />
              <span>{pictures.length === 0 ? texts.drop : texts.more}</span>
            </button>
          </li>
        )}
      </ul>
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPTED}
        multiple={most > 1}
        onChange={(event) => {
          const { currentTarget } = event;
          void takeFiles(currentTarget.files ?? []).then(() => (currentTarget.value = ''));
        }}
      />
      {link.value === null ? (
        !isFull && (
          <Button isSmall kind="quiet" icon={Link} onClick={() => (link.value = '')}>
            {texts.byLink}
          </Button>
        )
      ) : (
        <form
          class={styles['form']}
          onSubmit={(event) => {
            event.preventDefault();
            addLink();
          }}
        >
          <TextField
            type="url"
            label={texts.linkLabel}
            placeholder="https://…"
            value={link.value}
            onChange={(value) => (link.value = value)}
          />
          <Button type="submit">{texts.add}</Button>
          <IconButton icon={X} label={texts.cancel} onClick={() => (link.value = null)} />
        </form>
      )}
      {shownErrors.map((text) => (
        <p key={text} class={styles['error']} role="alert">
          {text}
        </p>
      ))}
      <p class="visually-hidden" role="status">
        {said.value}
      </p>
    </section>
  );
}
