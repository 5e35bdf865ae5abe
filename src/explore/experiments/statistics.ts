/** Means with their 95 % confidence intervals. */

/** A mean of at least one sample; `half` is half the width of its 95 % confidence interval, 0 where all samples are equal. */
export interface Mean {
  readonly samples: number;
  readonly mean: number;
  readonly half: number;
}

/** Samples one by one (Welford's algorithm, which avoids cancellation). */
export class Samples {
  #count = 0;
  #mean = 0;
  #squares = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    this.#count += 1;
    const off = value - this.#mean;
    this.#mean += off / this.#count;
    this.#squares += off * (value - this.#mean);
  }

  /** Undefined without samples; one sample has no interval, which is infinite. */
  mean(): Mean | undefined {
    const samples = this.#count;
    if (samples === 0) return undefined;
    if (samples === 1) return { samples, mean: this.#mean, half: Number.POSITIVE_INFINITY };
    const deviation = Math.sqrt(this.#squares / (samples - 1));
    return { samples, mean: this.#mean, half: (quantile975(samples - 1) * deviation) / Math.sqrt(samples) };
  }
}

/** Undefined without values. */
export const meanOf = (values: readonly number[]): Mean | undefined => {
  const samples = new Samples();
  for (const value of values) samples.add(value);
  return samples.mean();
};

/** Undefined without values; of an even number the upper of the two in the middle. */
export const medianOf = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[values.length >> 1];

const normal975 = 1.959963984540054;

/** Tables end where the series below is right to three digits. */
const studentTable: readonly number[] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** The 97.5 % quantile of Student's distribution (Abramowitz and Stegun, 26.7.5). */
export const quantile975 = (freedom: number): number => {
  const listed = studentTable[freedom - 1];
  if (listed !== undefined) return listed;
  const x = normal975;
  const first = (x ** 3 + x) / 4;
  const second = (5 * x ** 5 + 16 * x ** 3 + 3 * x) / 96;
  const third = (3 * x ** 7 + 19 * x ** 5 + 17 * x ** 3 - 15 * x) / 384;
  return x + first / freedom + second / freedom ** 2 + third / freedom ** 3;
};

/** How much wider an interval has to be so that `count` of them together hold with 95 % (Bonferroni). */
export const togetherFactor = (count: number): number =>
  count < 2 ? 1 : normalQuantile(1 - 0.025 / count) / normal975;

/** The quantile of the normal distribution above its middle (Abramowitz and Stegun, 26.2.23; to within 0.0005). */
const normalQuantile = (probability: number): number => {
  const t = Math.sqrt(-2 * Math.log(1 - probability));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t ** 2;
  const below = 1 + 1.432788 * t + 0.189269 * t ** 2 + 0.001308 * t ** 3;
  return t - above / below;
};
