/** The description of an implementation in results and evidence. */

import type { Subject } from '../iut/subject.js';
import { reviewClaims } from '../suite/catalogue/claims-review.js';
import type { SubjectRecord } from '../suite/verdict/results.js';

export const describeSubject = ({ name, time, claims }: Subject): SubjectRecord => ({
  name,
  time,
  claims: {
    roles: [...claims.roles],
    versions: [...claims.versions],
    profiles: [...claims.profiles],
    ip: [...claims.ip],
    paths: claims.paths,
    control: claims.control,
  },
  parameters: { ...claims.parameters },
  review: reviewClaims(claims).map((each) => ({ ...each })),
  facts: {},
});
