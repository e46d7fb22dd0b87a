import { parametersOf } from '#libs/wire';

/** The model that a prompt names, `7`, `8.2` or `niji 7`; null: none that can be read. */
export function modelNamed(prompt: string): string | null {
  const { parameters } = parametersOf(prompt);
  const version = parameters.find(({ name }) => name === 'v' || name === 'niji');
  if (version === undefined || !/^\d{1,2}(?:\.\d{1,2})?$/.test(version.value)) return null;
  const number = String(Number(version.value));
  return version.name === 'niji' ? `niji ${number}` : number;
}

/** Whether the vendor remixes pictures of a model. */
export function canRemix(model: string | null): boolean {
  return model === '8.1' || model === '8.2';
}
