const FRAGMENT = /^#picture=(\d{1,20})(?:\.(\d{1,3}))?$/;

/** What the page's address says is looked at in full; null: nothing. */
export function pictureInAddress(fragment = location.hash): { id: string; at: number } | null {
  const found = FRAGMENT.exec(fragment);
  return found?.[1] === undefined ? null : { id: found[1], at: Number(found[2] ?? 0) };
}

/** Puts what is looked at into the address, so that a reload shows it again. */
export function notePicture(id: string, at: number): void {
  replaceFragment(`#picture=${id}${at === 0 ? '' : `.${at}`}`);
}

/** Takes it out of the address again. */
export function forgetPicture(): void {
  if (pictureInAddress() !== null) replaceFragment('');
}

function replaceFragment(fragment: string): void {
  history.replaceState(history.state, '', location.pathname + location.search + fragment);
}
