import { InvalidArgumentError } from 'commander';

/** An argument that is a positive integer. @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a positive integer.`);
  return Number(text);
}
