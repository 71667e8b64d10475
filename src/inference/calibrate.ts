/**
 * Softmax of `logits / temperature` (Guo et al. 2017, "On Calibration of Modern Neural Networks"): the temperature, fitted on
 * validation data, turns a network's confidence into a probability. The largest logit is subtracted first, so that no input overflows.
 *
 * @returns probabilities that sum to 1, in the order of `logits`
 */
export function calibratedSoftmax(logits: ArrayLike<number>, temperature: number): number[] {
  const values = Array.from(logits);
  const highest = Math.max(...values);
  const powers = values.map((value) => Math.exp((value - highest) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
