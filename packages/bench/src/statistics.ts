/**
 * The value below which the given part of the values lies, between two of them in proportion.
 * @param part from 0 to 1
 * @throws {RangeError} no values
 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) throw new RangeError('expected at least one value');
  return low + (high - low) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The median of the ratios of values taken side by side: what slows the machine down for a while slows both.
 * @throws {RangeError} not as many of the one as of the other, or none
 */
export function medianRatio(values: readonly number[], bases: readonly number[]): number {
  if (values.length !== bases.length) throw new RangeError('expected pairs');
  return median(values.map((value, index) => value / (bases[index] as number)));
}

/**
 * How much y grows with x: the straight line with the least squares.
 * @throws {RangeError} fewer than two different x
 */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) throw new RangeError('expected at least two different x');
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}
