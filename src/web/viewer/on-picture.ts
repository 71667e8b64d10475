/** Text on a picture, which may be white or black where it stands. */
export const ON_PICTURE = 'pointer-events-none absolute text-sm [text-shadow:0_0_2px_#000,0_0_4px_#000,0_0_4px_#000]';
