/** A variant for people: which freedom it uses, who grants it, and where it can be seen. */
import { settledBy } from '../../iut/embedded-subject.js';
import type { Variant } from '../../variants/variant.js';
import { fold } from './case-lines.js';

export const variantLines = ({
  id,
  sentence,
  about,
  profiles,
  role,
  versions,
  declared,
  keeps,
}: Variant): readonly string[] => {
  const [profile = 'tcp'] = profiles;
  const settled = settledBy({ profile, declared });
  const field = (name: string, value: string): string => `  ${name.padEnd(14)}${value}`;
  return [
    id,
    ...fold(sentence.says).map((line) => `  ${line}`),
    '',
    field('granted by', `${sentence.source} ${sentence.section}`),
    field('about', about),
    field('where', `${role === 'both' ? 'client and server' : role}: ${profiles.join(', ')}`),
    ...(versions === undefined ? [] : [field('versions', versions.join(', '))]),
    ...(settled.length === 0 ? [] : [field('declares', settled.join(', '))]),
    field('keeps', keeps === 'musts' ? 'every duty, not every recommendation' : 'every duty and recommendation'),
  ];
};
