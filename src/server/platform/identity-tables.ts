/**
 * The tenant's tables of people and of what signs them in, without `tenant_id`. Secrets are kept as hashes: SHA-256 where the secret is
 * random and long, Argon2id where a person chose it.
 */
export type IdentityTables = {
  /** One sign-in of a person or one opening of a share link; deleted when it ends. */
  session: {
    id: string;
    /** Of the token that the browser's cookie holds. */
    token_hash: string;
    /** Null where a share link was opened. */
    user_id: string | null;
    /** Of a `share_link` or a `diagnosis_link`. */
    share_link_id: string | null;
    /** How the holder showed who it is. */
    method: 'password' | 'passkey' | 'sso' | 'share';
    /** The provider whose word opened it. */
    provider_id: string | null;
    /** When a second factor, or a way that counts as two, was shown last. */
    strong_at: string | null;
    /** Whether its holder may set up a second factor and do nothing else. */
    must_enroll: number;
    ip: string;
    /** What the client calls itself, shortened. */
    device: string;
    created_at: string;
    /** Exact to a minute. */
    last_used_at: string;
    expires_at: string;
    /** Unused for so long, the session is over. */
    idle_seconds: number;
  };
  /** Every refresh token of a session, used ones too: a second use gives away that it was copied. */
  refresh_token: { token_hash: string; session_id: string; created_at: string; used_at: string | null };
  /** Tries to sign in that were not right, by a digest of what was tried: an account, an address, a link. */
  login_failure: { key: string; failures: number; last_at: string; locked_until: string | null };
  api_key: {
    id: string;
    name: string;
    /** What is shown of the key, and what finds it; unique in the installation. */
    prefix: string;
    secret_hash: string;
    role: string;
    /** JSON array that narrows what the role grants; null for all of it. */
    permissions: string | null;
    requests_per_hour: number | null;
    /** Null for a key that was made on the command line. */
    created_by: string | null;
    created_at: string;
    expires_at: string | null;
    /** Exact to a minute. */
    last_used_at: string | null;
    revoked_at: string | null;
  };
  /** Lets its holder see one study, or one report of it. */
  share_link: {
    id: string;
    secret_hash: string;
    study_instance_uid: string;
    report_id: string | null;
    note: string;
    password_hash: string | null;
    created_by: string;
    created_at: string;
    expires_at: string;
    last_used_at: string | null;
    uses: number;
    revoked_at: string | null;
  };
  /** Lets its holder see the results of one diagnosis. */
  diagnosis_link: {
    id: string;
    secret_hash: string;
    diagnosis_id: string;
    patient_key: string;
    note: string;
    password_hash: string | null;
    created_by: string;
    created_at: string;
    expires_at: string;
    last_used_at: string | null;
    uses: number;
    revoked_at: string | null;
  };
  /** Links that work once: an invitation, or a new password for an account. */
  one_time_link: {
    id: string;
    kind: 'invitation' | 'password-reset';
    secret_hash: string;
    user_id: string | null;
    /** JSON: what an invitation fixes beforehand. */
    content: string;
    created_by: string;
    created_at: string;
    expires_at: string;
    used_at: string | null;
  };
  /** Somebody who asks for an account. Not an account: it holds no user name until it is approved. */
  registration: {
    id: string;
    username: string;
    full_name: string;
    email: string | null;
    password_hash: string;
    specialization: string | null;
    license_number: string | null;
    hospital: string | null;
    phone: string | null;
    ip: string;
    created_at: string;
  };
  /** An authenticator app. `secret` is sealed; a code is good once: only later time steps than `last_step` count. */
  totp_factor: { user_id: string; secret: string; created_at: string; confirmed_at: string | null; last_step: number | null };
  /** Digests: the codes are random and long. */
  recovery_code: { user_id: string; code_hash: string; created_at: string; used_at: string | null };
  passkey: {
    credential_id: string;
    user_id: string;
    public_key: string;
    counter: number;
    /** JSON array. */
    transports: string;
    name: string;
    backed_up: number;
    created_at: string;
    last_used_at: string | null;
  };
  /** A sign-in that is under way: the next step names it by its secret. */
  login_challenge: {
    id: string;
    kind: string;
    secret_hash: string;
    user_id: string | null;
    /** JSON. */
    content: string;
    created_at: string;
    expires_at: string;
  };
  identity_provider: {
    id: string;
    name: string;
    issuer: string;
    client_id: string;
    /** Sealed. */
    client_secret: string | null;
    scopes: string;
    /** Path of the claim that tells roles: names with dots between them. */
    role_claim: string;
    /** JSON array of `{ value, role }`; the first whose value the claim has decides. */
    role_map: string;
    /** For who has none of these values; null lets nobody of them in. */
    default_role: string | null;
    /** Whether an address that both sides have confirmed leads to an account that is there. */
    links_by_email: number;
    /** Whether who has no account gets one. */
    provisions: number;
    /** Space-separated: levels that are asked for, of which each counts as a second factor. */
    acr_values: string | null;
    is_active: number;
    created_at: string;
  };
  identity_link: { provider_id: string; subject: string; user_id: string; created_at: string; last_used_at: string | null };
  /** Emergency access that a user took, with the reason. */
  break_glass: {
    id: string;
    user_id: string;
    study_instance_uid: string | null;
    patient_key: string | null;
    reason: string;
    created_at: string;
    expires_at: string;
    ended_at: string | null;
  };
};

/** What signs access tokens; of the installation. */
export type SigningKeyTable = {
  kid: string;
  /** The point, base64url. */
  public_key: string;
  /** Sealed. */
  private_key: string;
  created_at: string;
  signs_until: string;
  verifies_until: string;
};
