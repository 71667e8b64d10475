import { expect, it } from 'vitest';
import { citationLink } from './citation-link.ts';

it('finds where a citation can be read, without the point that ends its sentence', () => {
  expect(citationLink('Larson PA et al. 2014;11:552-558, doi 10.1016/j.jacr.2013.12.016.')).toBe(
    'https://doi.org/10.1016/j.jacr.2013.12.016',
  );
  expect(citationLink('Lee YH. J Digit Imaging 2015;28:412-416, PMC4501963')).toBe('https://pmc.ncbi.nlm.nih.gov/articles/PMC4501963/');
  expect(citationLink('Somebody, PMID: 12728155')).toBe('https://pubmed.ncbi.nlm.nih.gov/12728155/');
});

it('leads nowhere where nothing leads', () => {
  expect(citationLink('World Health Organization. Oxygen therapy for children. 2016')).toBeUndefined();
});
