import { useState } from 'react';
import { accountWords } from '../strings/account/words.ts';
import { galleryWords } from '../strings/gallery/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { ConfirmDanger } from '../ui/ConfirmDanger.tsx';
import { Drawer } from '../ui/Drawer.tsx';
import { Menu } from '../ui/Menu.tsx';
import { Modal } from '../ui/Modal.tsx';
import { PageHeader } from '../ui/PageHeader.tsx';
import { useToast } from '../ui/toast.ts';

/** What lies over the page; these take the theme and the direction of the page. */
export function OverlaySamples() {
  const [shown, setShown] = useState<'modal' | 'drawer' | 'danger' | null>(null);
  const toast = useToast();
  const close = () => setShown(null);
  return (
    <Card title="PageHeader, Modal, Drawer, Menu, ConfirmDanger, Toast">
      <PageHeader
        title={strings.nav.routing}
        lead={galleryWords.refusedDetail}
        actions={
          <>
            <Menu
              trigger={<Button>Menu</Button>}
              items={[
                { title: strings.findings.edit, onSelect: () => setShown('drawer'), keys: 'E' },
                { title: accountWords.remove, isDanger: true, onSelect: () => setShown('danger') },
              ]}
            />
            <Button onClick={() => setShown('modal')}>Modal</Button>
            <Button onClick={() => setShown('drawer')}>Drawer</Button>
            <Button onClick={() => setShown('danger')}>ConfirmDanger</Button>
            <Button onClick={() => toast({ text: galleryWords.saved, tone: 'accepted' })}>Toast</Button>
            <Button onClick={() => toast({ text: galleryWords.removed, undo: () => toast({ text: galleryWords.saved }) })}>
              {strings.ui.undo}
            </Button>
          </>
        }
      />
      <Modal open={shown === 'modal'} onOpenChange={close} title={galleryWords.title} lead={galleryWords.lead}>
        <p className="pb-3">{strings.studies.emptyDetail}</p>
      </Modal>
      <Drawer
        open={shown === 'drawer'}
        onOpenChange={close}
        title={strings.nav.routing}
        footer={<Button onClick={close}>{strings.common.close}</Button>}
      >
        <p>{strings.studies.emptyDetail}</p>
      </Drawer>
      {shown === 'danger' && (
        <ConfirmDanger onClose={close} title={accountWords.remove} word="Isocenter" action={accountWords.remove} onConfirm={close}>
          <p>{galleryWords.danger}</p>
        </ConfirmDanger>
      )}
    </Card>
  );
}
