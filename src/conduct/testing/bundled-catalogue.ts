/** The catalogue that ships, for tests: read once, by whoever asks first, since reading it takes longer than most tests. */
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import { loadSoundCatalogue } from '../load-catalogue.js';

let loaded: Catalogue | undefined;

export const bundledCatalogue = (): Catalogue => {
  loaded ??= loadSoundCatalogue([], process.cwd());
  return loaded;
};
