import { adminWords } from '../../strings/admin/words.ts';
import { AdminPage } from '../AdminPage.tsx';

export function UsersPage() {
  return <AdminPage title={adminWords.places.users}>{null}</AdminPage>;
}
