import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FileText, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { deleteDocument, getDocument, type PatientDocument } from '../../contract/patients-documents.ts';
import { call, urlOf } from '../api.ts';
import { byteSize, dateTime } from '../format.ts';
import { whoAmIQuery } from '../queries.ts';
import { patientsWords as words } from '../strings/patients/words.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { ConfirmDanger } from '../ui/ConfirmDanger.tsx';
import { DataTable, ROW_LINK_CLASS } from '../ui/DataTable.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import type { Column } from '../ui/table-columns.ts';
import { DocumentUpload } from './DocumentUpload.tsx';
import { documentsQuery } from './patient-queries.ts';

/** Letters, consents, results of others: what came on paper or as a file. */
export function DocumentsTab({ patientKey }: { patientKey: string }) {
  const [uploading, setUploading] = useState(false);
  const [removing, setRemoving] = useState<PatientDocument>();
  const documents = useInfiniteQuery(documentsQuery(patientKey));
  const { data: whoAmI } = useQuery(whoAmIQuery);
  const may = (permission: string) => whoAmI?.permissions.some((granted) => granted === permission) ?? false;
  const columns: readonly Column<PatientDocument>[] = [
    {
      key: 'title',
      title: words.documentTitle,
      cell: ({ id, title }) => (
        <a
          href={urlOf(getDocument, { params: { patient_key: patientKey, document_id: id } })}
          target="_blank"
          rel="noreferrer"
          className={ROW_LINK_CLASS}
        >
          <bdi>{title}</bdi>
        </a>
      ),
    },
    { key: 'category', title: words.category, width: '11rem', hideBelow: 'lg', cell: ({ category }) => <bdi>{category}</bdi> },
    {
      key: 'date',
      title: words.documentDate,
      width: '8rem',
      cell: ({ document_date }) => <span className="tabular-nums">{document_date}</span>,
    },
    { key: 'type', title: words.fileType, width: '8rem', hideBelow: 'lg', cell: ({ media_type }) => words.mediaTypes[media_type] },
    { key: 'size', title: words.size, width: '6rem', align: 'end', cell: ({ size }) => byteSize(size) },
    { key: 'created', title: words.uploaded, width: '11rem', hideBelow: 'xl', cell: ({ created_at }) => dateTime(created_at) },
    {
      key: 'remove',
      title: '',
      width: '3.5rem',
      cell: (document) =>
        may('study:delete') && (
          <span className="relative z-10">
            <IconButton icon={Trash2} label={words.removeDocument(document.title)} onClick={() => setRemoving(document)} />
          </span>
        ),
    },
  ];
  const rows = documents.data?.pages.flatMap((page) => page.items);
  return (
    <Card
      title={words.tabs.documents}
      count={rows?.length ?? 0}
      actions={
        may('patient:write') && (
          <Button icon={Upload} onClick={() => setUploading(true)}>
            {words.uploadDocument}
          </Button>
        )
      }
      className="px-0! [&>div]:px-4 [&>h2]:px-4"
    >
      <DataTable
        caption={words.tabs.documents}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        error={documents.error}
        onRetry={() => void documents.refetch()}
        empty={<EmptyState icon={FileText} title={words.noDocuments} detail={words.noDocumentsDetail} />}
        hasMore={documents.hasNextPage}
        isLoadingMore={documents.isFetchingNextPage}
        onMore={() => void documents.fetchNextPage()}
      />
      {uploading && <DocumentUpload patientKey={patientKey} onClose={() => setUploading(false)} />}
      {removing && <Remove document={removing} onClose={() => setRemoving(undefined)} />}
    </Card>
  );
}

/** There is no way back from this one: the title has to be typed. */
function Remove({ document: { id, title, patient_key }, onClose }: { document: PatientDocument; onClose: () => void }) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call(deleteDocument, { params: { patient_key, document_id: id } }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['patient', patient_key] });
    },
  });
  return (
    <ConfirmDanger
      title={words.removeDocumentTitle}
      word={title}
      action={words.removeEntry}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      busy={remove.isPending}
      error={remove.error}
    >
      {words.removeDocumentDetail}
    </ConfirmDanger>
  );
}
