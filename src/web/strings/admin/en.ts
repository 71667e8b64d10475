/** The words of the frame of the administration, in English. */
export const en = {
  title: 'Administration',
  places: {
    people: 'People',
    users: 'Users',
    emergency: 'Emergency access',
    tenants: 'Tenants',
    keys: 'API keys',
    shares: 'Share links',
    providers: 'Sign-in providers',
    policies: 'Policies',
    targets: 'Turnaround targets',
    records: 'Records',
    audit: 'Audit trail',
    privacy: 'Privacy',
    recycle: 'Recycle bin',
    installation: 'Installation',
    encryption: 'Encryption',
    settings: 'Settings',
    licenses: 'Licenses',
    about: 'About',
  },
};
