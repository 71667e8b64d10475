/**
 * Private elements that PS3.15 Table E.3.10-1 lists as thought to be safe, one creator and group a line: group, VR and element numbers
 * ("DS 21 50" is two elements of DS), creator. Its elements of OB, of free text and of UI are left out, as note 2 of E.3.10 advises, and so
 * are sequences, whose contents the table does not describe.
 */
export const safePrivateRows = `
7053 DS:00,09 Philips PET Private Group
00E1 DS:21,50 ELSCINT1
01E1 CS:26 ELSCINT1
01F1 CS:01 DS:07,26,27 ELSCINT1
0019 DS:23,24,27 GEMS_ACQU_01
0043 SH:27 IS:39 DS:6F GEMS_PARM_01
0045 SS:01 FL:02 GEMS_HELIOS_01
0903 US:10,11,12 GEIIS PACS
2001 FL:03 CS:04 Philips Imaging DD 001
2005 FL:0D,0E Philips MR Imaging DD 001
0019 IS:0C CS:0D FD:0E,27 SIEMENS MR HEADER
0025 SL:07 GEMS_SERS_01
0099 SS:04 FL:10,21 NQHeader
0199 FL:01,02,03,04,05,06,07,08,09,0A,0B,0C,0D,0E,0F,10,11,12,13,14,15,16 NQLeft
0299 FL:01,02,03,04,05,06,07,08,09,0A,0B,0C,0D,0E,0F,10,11,12,13,14,15,16 NQRight
0119 UL:05,06,07,08 SS:09 IS:13 SIEMENS Ultrasound SC2000
0129 CS:30 SIEMENS Ultrasound SC2000
0139 SL:01 SIEMENS Ultrasound SC2000
0149 FD:01,02,03 SIEMENS Ultrasound SC2000
`;
