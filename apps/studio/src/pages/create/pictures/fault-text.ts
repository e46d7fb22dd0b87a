import { strings } from '../strings.ts';
import type { PictureFault } from './picture.ts';

/** Why a picture is not taken, in words. */
export function faultText(fault: PictureFault): string {
  const texts = strings.value.pictures.faults;
  switch (fault.fault) {
    case 'not-picture':
      return texts.notPicture(fault.name);
    case 'too-heavy':
      return texts.tooHeavy(fault.name);
    case 'too-large':
      return texts.tooLarge(fault.name);
    case 'unreadable':
      return texts.unreadable(fault.name);
    case 'too-many':
      return texts.tooMany(fault.most);
    case 'bad-link':
      return texts.badLink;
  }
}
