import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addPeer, changePeer, type Peer } from '../../../contract/peers.ts';
import { call } from '../../api.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { strings } from '../../strings/strings.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { showToast } from '../../ui/toast.ts';
import { FormModal } from '../FormModal.tsx';
import { peersQuery } from '../operations-queries.ts';

const text = operationsWords.peers;
const EMPTY = { ae_title: '', host: '', port: '104', tls: false, may_store: true, may_query: true, may_retrieve: true };
const RIGHTS = ['may_store', 'may_query', 'may_retrieve', 'tls'] as const;

/** Makes an application known, or changes where it listens and what it may do. */
export function PeerDialog({ peer, onClose }: { peer?: Peer; onClose: () => void }) {
  const [typed, setTyped] = useState(peer ? { ...peer, port: String(peer.port) } : EMPTY);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => {
      const { ae_title, host, port, tls, may_store, may_query, may_retrieve } = typed;
      const body = { host: host.trim(), port: Number(port), tls, may_store, may_query, may_retrieve };
      return peer ? call(changePeer, { params: { id: peer.id }, body }) : call(addPeer, { body: { ae_title: ae_title.trim(), ...body } });
    },
    onSuccess: async ({ ae_title }) => {
      onClose();
      showToast({ text: peer ? text.changed(ae_title) : text.added(ae_title) });
      await queryClient.invalidateQueries({ queryKey: peersQuery.queryKey });
    },
  });
  return (
    <FormModal
      title={peer ? text.edit(peer.ae_title) : text.add}
      lead={text.addLead}
      action={peer ? strings.common.save : text.add}
      act={act}
      onClose={onClose}
    >
      <TextField
        label={text.aeTitle}
        hint={text.aeTitleHint}
        required
        maxLength={16}
        dir="ltr"
        disabled={peer !== undefined}
        value={typed.ae_title}
        onChange={(ae_title) => setTyped({ ...typed, ae_title })}
      />
      <div className="grid grid-cols-[1fr_7rem] gap-3">
        <TextField
          label={text.host}
          required
          maxLength={253}
          dir="ltr"
          value={typed.host}
          onChange={(host) => setTyped({ ...typed, host })}
        />
        <TextField
          label={text.port}
          type="number"
          required
          min={1}
          max={65_535}
          value={typed.port}
          onChange={(port) => setTyped({ ...typed, port })}
        />
      </div>
      <fieldset className="flex flex-col gap-2 pt-1">
        <legend className="pb-1 text-sm font-medium">{text.may}</legend>
        {RIGHTS.map((right) => (
          <Checkbox key={right} checked={typed[right]} onChange={(checked) => setTyped({ ...typed, [right]: checked })}>
            {text.rights[right]}
          </Checkbox>
        ))}
      </fieldset>
    </FormModal>
  );
}
