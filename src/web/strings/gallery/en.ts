export const en = {
  title: 'Components',
  lead: 'Every building block of the screens, in every theme and both directions. For those who build and check them.',
  open: 'Open',
  saved: 'The view was saved',
  removed: 'The rule was removed',
  danger: 'Everything under this name is deleted, for everybody, and nothing brings it back.',
  refused: 'Request refused',
  refusedDetail: 'The name is taken. Choose another one.',
};
