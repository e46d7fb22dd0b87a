/** Where input pictures are found. */
export interface InputPictures {
  /** The bytes of a kept input picture, or null when it is gone. */
  read(input: string): Promise<Buffer | null>;
}
