import { useQuery } from '@tanstack/react-query';
import { accountNamesQuery } from './privacy-queries.ts';

/** Who an id of an account is, as far as it is known. */
export function AccountName({ id }: { id: string }) {
  const { data } = useQuery(accountNamesQuery);
  return (
    <bdi className="text-muted" title={id}>
      {data?.get(id) ?? id.slice(0, 8)}
    </bdi>
  );
}
