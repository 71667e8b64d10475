import { describe, expect, it } from 'vitest';
import { readRoleMap, writeRoleMap } from './role-map.ts';

describe('roles by claim, as lines', () => {
  it('are read in their order, also where the value has an equals sign, and written back', () => {
    const text = 'cn=radiology = radiologist\nstaff = doctor';
    const read = readRoleMap(`\n${text}\n\n`);
    expect(read).toEqual({
      map: [
        { value: 'cn=radiology', role: 'radiologist' },
        { value: 'staff', role: 'doctor' },
      ],
    });
    expect('map' in read && writeRoleMap(read.map)).toBe(text);
  });

  it.each(['staff', 'staff = king', '= doctor', 'staff = patient', 'a = doctor\nb'])('%j names the line that is wrong', (text) => {
    expect(readRoleMap(text)).toEqual({ wrongLine: text.split('\n').length });
  });
});
