export { AssetKeeper, type KeepResult } from './asset-keeper.js';
export { ASSET_DEFAULTS, type AssetOptions } from './asset-options.js';
export { AssetPoller } from './asset-poller.js';
export { AssetTable, keptFile, type ClaimedAsset, type KeptFile } from './asset-table.js';
export type { ByteReader } from './byte-reader.js';
export { AssetsModule, type AssetsSettings } from './assets.module.js';
export { Asset, type AssetKey, type AssetKind } from './asset.entity.js';
export { DoomedFile } from './doomed-file.entity.js';
export {
  CONVERTER_DEFAULTS,
  ConverterPool,
  type Conversion,
  type ConversionOrder,
  type ConverterOptions,
} from './conversion/converter-pool.js';
export { DiskImageStore } from './disk-image-store.js';
export { FileMissingError, ImageStore, type ByteSpan, type LocalFile } from './image-store.js';
export { FOREIGN_FORMATS, sniffForeign, type ForeignFormat } from './foreign-format.js';
export { LinkRefresher, type OriginWay } from './link-refresher.js';
export {
  LINKED_INPUT_LIMITS,
  LinkedInputs,
  type LinkedInput,
  type LinkedInputLimits,
  type LinkFault,
} from './linked-inputs.js';
export { OriginClient } from './origin-client.js';
export { PassedPictures, type PassedPicture } from './passed-pictures.js';
export { PictureOrigin, type PictureOwner } from './picture-origin.js';
export { PictureCutter, type CutPicture, type UnstoredPicture } from './picture-cutter.js';
export { PictureConverter, type ConvertedPicture, type SizeLimits } from './picture-converter.js';
export { sizeFromHeader } from './picture-header.js';
export { PictureRefusedError, type PictureRefusal, type PictureSize } from './picture-size.js';
export { agreesWith, PICTURE_TYPES, SNIFF_BYTES, sniffType, type PictureType } from './picture-type.js';
export {
  etagOf,
  recipeFor,
  roundWidth,
  VARIANT_FORMATS,
  type Quarter,
  type Recipe,
  type VariantFormat,
  type VariantWidth,
  type VariantWish,
} from './picture-variant.js';
export { PictureRemover } from './picture-remover.js';
export { Pictures, type OpenedPicture } from './pictures.js';
export { PreviewCache, type Preview, type PreviewSource } from './preview-cache.js';
export { S3ImageStore, type S3Options } from './s3-image-store.js';
export { Store } from './store.entity.js';
export { StoreIdentity } from './store-identity.js';
export { StoreMedium, StoreWriteError } from './store-medium.js';
export { isWholePicture } from './whole-picture.js';
export { wantPictures } from './want-pictures.js';
export { SET_BACK_DOOMED, SET_BACK_PICTURES } from './set-back.js';
