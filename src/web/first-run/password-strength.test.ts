import { describe, expect, it } from 'vitest';
import { passwordStrength } from './password-strength.ts';

describe('the hint at the strength of a password', () => {
  it.each([
    ['short', 0],
    ['aaaaaaaaaaaaaaaa', 1],
    ['abcdefghijklmnop', 1],
    ['123412341234', 1],
  ])('finds %s weak', (password, level) => {
    expect(passwordStrength(password)).toBe(level);
  });

  it('finds a few unrelated words strong', () => {
    expect(passwordStrength('correct horse battery staple')).toBe(4);
  });
});
